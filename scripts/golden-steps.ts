import { writeFileSync } from 'node:fs';
import { runReference } from '../src/network/testing/pytorch.ts';
import { GOLDEN_CASES, referenceCase, sampled } from '../src/network/testing/step-cases.ts';

/*
 * Golden numbers of three training steps: losses, embeddings and some numbers of every tensor, as PyTorch gives them.
 *
 *   PYTHON=python3 npx tsx scripts/golden-steps.ts
 */

const short = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(7)));

const golden = runReference(GOLDEN_CASES.map(referenceCase)).map(({ losses, embeddings, tensors }, index) => ({
  what: GOLDEN_CASES[index]?.what,
  losses: short(losses),
  embeddings: short(embeddings),
  tensors: Object.fromEntries(Object.entries(tensors).map(([name, values]) => [name, short(sampled(values))])),
}));
const file = new URL('../src/network/testing/steps.golden.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(golden)}\n`);
console.log(`${file.pathname}: ${golden.length} cases`);
