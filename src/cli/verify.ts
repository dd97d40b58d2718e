import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { stream } from '../config/random.ts';
import { FormatProblem } from '../formats/problem.ts';
import { VerificationProblem } from '../verification/problem.ts';
import { type PairsReport, pairsReport } from '../verification/report.ts';
import { compareArms, sentenceOf } from '../verification/significance.ts';
import { UsageError } from './arguments.ts';
import { type EmbeddedPairs, readEmbeddedPairs } from './embeddings-file.ts';

/*
 * npm run verify -- --embeddings FILE.npz [--against FILE.npz] [--json FILE]
 */
const USAGE = `npm run verify -- --embeddings FILE.npz [--against FILE.npz] [--json FILE]

Scores embeddings made anywhere by the protocol of LFW, CFP-FP, AgeDB-30, CALFW and CPLFW. The file holds the arrays
"original" and "flipped" [2N, D] float32, rows 2k and 2k + 1 being pair k, and "issame" [N]; "identities" [2N] is
optional. --against scores a second file of the same pairs and says whether the first is better.`;

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const { embeddings, against, json } = readVerifyArguments(argv);
  const pairs = readEmbeddedPairs(fileAt(embeddings));
  const report = { ...pairsReport(pairs.distances, pairs.same), dimension: pairs.dimension, meanNorm: pairs.meanNorm };
  const other = against === undefined ? undefined : readEmbeddedPairs(fileAt(against));
  const comparison = other && against ? compared(pairs, other, basename(embeddings), basename(against)) : undefined;
  console.log(summary(report));
  if (comparison !== undefined) console.log(comparison.sentence);
  if (json === undefined) return;
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(
    json,
    `${JSON.stringify(comparison === undefined ? report : { ...report, comparison }, undefined, 2)}\n`,
  );
}

function fileAt(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readVerifyArguments(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      options: { embeddings: text, against: text, json: text },
    });
    const { embeddings } = values;
    if (embeddings === undefined) throw new UsageError('Say what to score: --embeddings FILE.npz.');
    return { ...values, embeddings };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The first file next to the second one, on the same pairs. */
function compared(pairs: EmbeddedPairs, other: EmbeddedPairs, name: string, otherName: string) {
  if (other.same.length !== pairs.same.length || other.same.some((answer, pair) => answer !== pairs.same[pair])) {
    throw new UsageError('The two files do not hold the same pairs: their "issame" differ.');
  }
  const significance = compareArms(
    {
      first: other.distances,
      second: pairs.distances,
      same: pairs.same,
      ...(pairs.identities === undefined ? {} : { identities: pairs.identities }),
    },
    stream(1, 'bootstrap'),
  );
  return {
    against: { name: otherName, ...pairsReport(other.distances, other.same) },
    ...significance,
    sentence: sentenceOf(significance, otherName, name),
  };
}

function summary(report: PairsReport): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  const different = report.pairs - report.samePairs;
  return [
    `${report.pairs} pairs, ${report.samePairs} of one person`,
    `accuracy ${percent(report.accuracy)}, deviation ${percent(report.deviation)} over ${report.folds.length} folds`,
    `AUC ${report.auc.toFixed(5)}, EER ${percent(report.eer)}`,
    ...report.tarAtFar.map(({ far, tar }) => {
      const tooFine = far * different < 1 ? `, but ${different} different pairs cannot tell this rate from none` : '';
      return `TAR@FAR=${far.toExponential(0)} ${percent(tar)}${tooFine}`;
    }),
  ].join('\n');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else if (error instanceof FormatProblem || error instanceof VerificationProblem)
    console.error(`${error.message} ${error.hint}`);
  else console.error(error);
  process.exitCode = 1;
});
