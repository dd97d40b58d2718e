import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { pythonWith } from '../../formats/testing/python.ts';
import type { Architecture } from '../architecture.ts';
import type { StateTensor } from '../network-state.ts';
import type { Recipe } from '../recipe.ts';

/** A few steps on one batch, with the tensors they start from. */
export interface ReferenceCase {
  readonly architecture: Architecture;
  readonly recipe: Recipe;
  readonly tensors: ReadonlyMap<string, StateTensor>;
  readonly trained: readonly string[];
  readonly images: StateTensor;
  readonly labels: readonly number[];
  readonly learningRates: readonly number[];
}

const resultsSchema = z.array(
  z.object({
    /** Before each step. */
    losses: z.array(z.number()),
    /** Of the batch after the last step, with the moving statistics. */
    embeddings: z.array(z.number()),
    /** After the last step, by name. */
    tensors: z.record(z.string(), z.array(z.number())),
  }),
);
export type ReferenceResult = z.infer<typeof resultsSchema>[number];

/** A Python that has PyTorch. */
export const pytorch = pythonWith('torch', 'numpy');

/** Runs reference.py on the cases. Throws with Python's own words where it fails. */
export function runReference(cases: readonly ReferenceCase[]): readonly ReferenceResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'parity-'));
  try {
    const values: Float32Array[] = [];
    let offset = 0;
    const entry = ({ shape, values: array }: StateTensor) => {
      values.push(array);
      offset += array.length;
      return { shape, offset: offset - array.length };
    };
    const described = cases.map(({ tensors, images, ...rest }) => ({
      ...rest,
      tensors: Object.fromEntries([...tensors].map(([name, tensor]) => [name, entry(tensor)])),
      images: entry(images),
    }));
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(described));
    writeFileSync(join(folder, 'values.bin'), Buffer.concat(values.map((array) => new Uint8Array(array.buffer))));
    const script = fileURLToPath(new URL('reference.py', import.meta.url));
    pytorch.run([script, folder]);
    return resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
