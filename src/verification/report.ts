import { type FoldResult, foldAccuracy } from './folds.ts';
import { areaUnder, equalErrorRate, REPORTED_FARS, rocCurve, type TarAtFar, tarAtFar, tarAtNearestFar } from './roc.ts';

/** Everything a table or a JSON file says of one arm on one set of pairs. */
export interface PairsReport {
  readonly pairs: number;
  readonly samePairs: number;
  /** Mean over ten folds, 0 to 1, and population deviation. */
  readonly accuracy: number;
  readonly deviation: number;
  readonly folds: readonly FoldResult[];
  readonly tarAtFar: readonly TarAtFar[];
  readonly auc: number;
  readonly eer: number;
}

/**
 * All measures of the pairs protocol from squared distances [P] and answers [P].
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`, `one-kind-of-pair`
 */
export function pairsReport(distances: Float64Array, same: ArrayLike<number | boolean>): PairsReport {
  const roc = rocCurve(
    distances.map((distance) => -distance),
    same,
  );
  return {
    pairs: distances.length,
    samePairs: roc.samePairs,
    ...foldAccuracy(distances, same),
    tarAtFar: tarAtFar(distances, same),
    auc: areaUnder(roc),
    eer: equalErrorRate(roc),
  };
}

/** What a table or a JSON file says of one arm on pairs of templates. */
export interface TemplatesReport {
  readonly pairs: number;
  readonly samePairs: number;
  /** True-accept rate at each false-accept rate, read off the ROC at its nearest point. */
  readonly tarAtFar: readonly Pick<TarAtFar, 'far' | 'tar'>[];
  readonly auc: number;
  readonly eer: number;
}

/**
 * All measures of the IJB 1:1 protocol, as InsightFace's eval_ijbc.py takes them: one ROC of all pairs, no folds.
 * `distances` [P] fall where templates are more alike, as 2 - 2 cosine does.
 * @throws VerificationProblem `sizes-differ`, `one-kind-of-pair`
 */
export function templatesReport(distances: Float64Array, same: ArrayLike<number | boolean>): TemplatesReport {
  const roc = rocCurve(
    distances.map((distance) => -distance),
    same,
  );
  return {
    pairs: distances.length,
    samePairs: roc.samePairs,
    tarAtFar: REPORTED_FARS.map((far) => ({ far, tar: tarAtNearestFar(roc, far) })),
    auc: areaUnder(roc),
    eer: equalErrorRate(roc),
  };
}
