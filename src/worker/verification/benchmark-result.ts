import { stream } from '../../config/random.ts';
import type { BenchmarkSource } from '../../faces/benchmark-source.ts';
import { decimatedRoc } from '../../verification/decimated-roc.ts';
import { foldRanges } from '../../verification/folds.ts';
import { hardPairs } from '../../verification/hard-pairs.ts';
import { foldOrder } from '../../verification/pair-order.ts';
import { pairsReport, templatesReport } from '../../verification/report.ts';
import { headlineFar, isResolvable, type RocCurve, rocCurve, tarAtNearestFar } from '../../verification/roc.ts';
import { cosineRange, scoreHistogram } from '../../verification/score-histogram.ts';
import { compareArms, compareTars, distanceAtFar, type Significance } from '../../verification/significance.ts';
import type { ArmResult, BenchmarkResult, RowId, RowSource } from './protocol.ts';

/** What was scored, and how it is to be called. */
export interface ScoredBenchmark {
  readonly row: RowId;
  readonly rowSource: RowSource;
  readonly source: BenchmarkSource;
  /** Squared distances of each network, [P] each; one or two. */
  readonly distances: readonly Float64Array<ArrayBuffer>[];
}

/** All of a result but its pictures and its time. */
export type Measured = Omit<BenchmarkResult, 'hardest' | 'pictures' | 'milliseconds'> & {
  readonly hardest: ReturnType<typeof hardPairs>;
};

/** Pairs of each outcome to show. */
const HARD_PAIRS = 24;

const AS_GIVEN = { order: new Int32Array(0), asGiven: true };

/**
 * Measures of the scored pairs, the comparison of two networks and the hardest pairs.
 * @throws VerificationProblem
 */
export function measure({ row, rowSource, source, distances }: ScoredBenchmark): Measured {
  const templates = source.kind === 'templates';
  // Without folds the order means nothing.
  const { order, asGiven } = templates ? AS_GIVEN : foldOrder(source.pairs.same);
  const ordered = <Values extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(
    values: Values,
  ) => (asGiven ? values : values.map((_, at) => values[order[at] ?? 0] ?? 0));
  const same = Uint8Array.from(ordered(source.pairs.same));
  const scored = distances.map((values) => Float64Array.from(ordered(values)));
  const { identities } = source.pairs;
  const people = identities && {
    left: Int32Array.from(ordered(identities.left)),
    right: Int32Array.from(ordered(identities.right)),
  };
  const samePairs = same.reduce((sum, answer) => sum + answer, 0);
  const far = templates ? headlineFar(same.length - samePairs) : undefined;
  const range = cosineRange(scored);
  const judged = scored.map((values) => ({ values, ...judge(values, same, far) }));
  const arms = judged.map(
    ({ values, thresholds, roc, measures }): ArmResult => ({
      ...measures,
      roc: decimatedRoc(roc),
      histogram: scoreHistogram(values, same, range),
      threshold: 1 - thresholds.reduce((sum, threshold) => sum + threshold, 0) / thresholds.length / 2,
    }),
  );
  const hardest = hardPairs(
    judged.map(({ values, thresholds }) => ({ distances: values, thresholds })),
    same,
    HARD_PAIRS,
  ).map((found) => ({ ...found, pair: asGiven ? found.pair : (order[found.pair] ?? 0) }));
  const [first, second] = scored;
  return {
    row,
    source: rowSource,
    protocol: source.kind,
    pairsAsGiven: asGiven,
    pairs: same.length,
    samePairs,
    images: source.imageCount,
    ...(far === undefined ? {} : { far }),
    arms,
    hardest,
    ...(first === undefined || second === undefined
      ? {}
      : { comparison: compared({ first, second, same, ...(people ? { identities: people } : {}) }, far) }),
  };
}

function compared(pairs: Parameters<typeof compareArms>[0], far: number | undefined): Significance {
  const uniform = stream(1, 'bootstrap');
  return far === undefined ? compareArms(pairs, uniform) : compareTars(pairs, far, uniform);
}

interface Judged {
  readonly measures: Pick<ArmResult, 'headline' | 'deviation' | 'folds' | 'tars' | 'auc' | 'eer'>;
  readonly roc: RocCurve;
  /** Distance up to which the network says "same", pair by pair. */
  readonly thresholds: Float64Array;
}

function judge(distances: Float64Array<ArrayBuffer>, same: Uint8Array<ArrayBuffer>, far: number | undefined): Judged {
  const roc = rocCurve(
    distances.map((distance) => -distance),
    same,
  );
  const withResolution = <Entry extends { readonly far: number }>(entry: Entry) => ({
    ...entry,
    resolvable: isResolvable(entry.far, roc.differentPairs),
  });
  const thresholds = new Float64Array(distances.length);
  if (far === undefined) {
    const { accuracy, deviation, folds, auc, eer, tarAtFar } = pairsReport(distances, same);
    foldRanges(distances.length).forEach(({ start, end }, fold) => {
      thresholds.fill(folds[fold]?.threshold ?? 0, start, end);
    });
    const tars = tarAtFar.map(withResolution);
    return { measures: { headline: accuracy, deviation, folds, tars, auc, eer }, roc, thresholds };
  }
  const { auc, eer, tarAtFar } = templatesReport(distances, same);
  // What lies on it is accepted, while pairs are judged strictly below a threshold.
  thresholds.fill(distanceAtFar(distances, same, far) * (1 + 2 * Number.EPSILON));
  const headline = tarAtNearestFar(roc, far);
  return { measures: { headline, tars: tarAtFar.map(withResolution), auc, eer }, roc, thresholds };
}
