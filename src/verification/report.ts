import { type FoldResult, foldAccuracy } from './folds.ts';
import { areaUnder, equalErrorRate, rocCurve, type TarAtFar, tarAtFar } from './roc.ts';

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
