import type { BenchmarkSource, PairIdentities } from '../../faces/benchmark-source.ts';
import { decimatedRoc } from '../../verification/decimated-roc.ts';
import { hardPairs } from '../../verification/hard-pairs.ts';
import { foldOrder } from '../../verification/pair-order.ts';
import { isResolvable, keepsFar, type RocCurve, tarAtNearestFar } from '../../verification/roc.ts';
import { cosineRange, scoreHistogram } from '../../verification/score-histogram.ts';
import {
  thresholdsOf,
  type Verification,
  type VerifiedNetwork,
  verification,
} from '../../verification/scored-pairs.ts';
import type { ArmResult, BenchmarkResult, PairScores, RowId, RowSource } from './protocol.ts';

/** The scored benchmark, and its name. */
export interface ScoredBenchmark {
  readonly row: RowId;
  readonly rowSource: RowSource;
  readonly source: BenchmarkSource;
  /** Squared distances of each network, [P] each; one or two. */
  readonly distances: readonly Float64Array<ArrayBuffer>[];
  /** Whether the result holds the scores of the first network. */
  readonly scores?: boolean | undefined;
}

/** All of a result but its pictures and its time. */
export type Measured = Omit<BenchmarkResult, 'hardest' | 'pictures' | 'milliseconds'> & {
  readonly hardest: ReturnType<typeof hardPairs>;
};

/** Pairs of each outcome to show. */
const HARD_PAIRS = 24;

/**
 * Measures of the scored pairs, the comparison of two networks and the hardest pairs.
 * @throws VerificationProblem
 */
export function measure({ row, rowSource, source, distances, scores }: ScoredBenchmark): Measured {
  const { kind: protocol, pairs } = source;
  const folds = protocol === 'pairs' ? foldOrder(pairs.same) : undefined;
  // Without folds the order means nothing.
  const order = folds?.asGiven === false ? folds.order : undefined;
  const { same, identities } = pairs;
  const found = verification({ protocol, same, identities, distances }, { order });
  const judged = found.networks.map((network) => ({ ...network, thresholds: thresholdsOf(network, found.far) }));
  const range = cosineRange(judged.map((network) => network.distances));
  const differentPairs = judged[0]?.roc.differentPairs ?? 0;
  const arms = judged.map(
    ({ distances: scored, report, roc, thresholds }): ArmResult => ({
      ...headlineOf(report, roc, found.far),
      auc: report.auc,
      eer: report.eer,
      tars: report.tarAtFar.map((rate) => ({
        ...rate,
        resolvable: isResolvable(rate.far, differentPairs) && keepsFar(rate, differentPairs),
      })),
      roc: decimatedRoc(roc),
      histogram: scoreHistogram(scored, found.same, range),
      threshold: 1 - thresholds.reduce((sum, threshold) => sum + threshold, 0) / thresholds.length / 2,
    }),
  );
  const hardest = hardPairs(judged, found.same, HARD_PAIRS).map((hard) => ({
    ...hard,
    pair: order?.[hard.pair] ?? hard.pair,
  }));
  return {
    row,
    source: rowSource,
    protocol,
    pairsAsGiven: order === undefined,
    pairs: same.length,
    samePairs: found.same.reduce((sum, answer) => sum + answer, 0),
    images: source.imageCount,
    ...(source.unreadable?.count ? { unreadable: source.unreadable } : {}),
    ...(source.copies?.length ? { copies: source.copies } : {}),
    ...(source.distinct === undefined ? {} : { distinct: source.distinct }),
    ...(found.far === undefined ? {} : { far: found.far }),
    arms,
    hardest,
    ...(found.comparison === undefined ? {} : { comparison: found.comparison }),
    ...(scores === true && protocol === 'pairs' ? { scores: scoresOf(found, identities, order) } : {}),
  };
}

function scoresOf(
  { networks: [network], same }: Verification,
  identities: PairIdentities | undefined,
  order: Int32Array | undefined,
): PairScores {
  const inOrder = (people: Int32Array) => Int32Array.from(people, (_, at) => people[order?.[at] ?? at] ?? 0);
  const known = identities && { left: inOrder(identities.left), right: inOrder(identities.right) };
  return { distances: network?.distances ?? new Float64Array(0), same, ...(known ? { identities: known } : {}) };
}

function headlineOf(
  report: VerifiedNetwork['report'],
  roc: RocCurve,
  far: number | undefined,
): Pick<ArmResult, 'headline' | 'deviation' | 'folds'> {
  if ('accuracy' in report) return { headline: report.accuracy, deviation: report.deviation, folds: report.folds };
  return { headline: far === undefined ? Number.NaN : tarAtNearestFar(roc, far) };
}
