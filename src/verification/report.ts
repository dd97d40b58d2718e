import { type FoldResult, foldAccuracy } from './folds.ts';
import {
  areaUnder,
  equalErrorRate,
  REPORTED_FARS,
  type RocCurve,
  rocCurve,
  type TarAtFar,
  tarAtFar,
  tarAtNearestFar,
} from './roc.ts';

/** What one ROC of all pairs gives. */
interface CurveReport {
  readonly pairs: number;
  readonly samePairs: number;
  readonly auc: number;
  readonly eer: number;
}

/** Everything a table or a JSON file says of one arm on one set of pairs. */
export interface PairsReport extends CurveReport {
  /** Mean over ten folds, 0 to 1, and population deviation. */
  readonly accuracy: number;
  readonly deviation: number;
  readonly folds: readonly FoldResult[];
  readonly tarAtFar: readonly TarAtFar[];
}

/**
 * All measures of the pairs protocol from squared distances [P] and answers [P].
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`, `one-kind-of-pair`
 */
export function pairsReport(distances: Float64Array, same: ArrayLike<number | boolean>): PairsReport {
  return {
    ...curveReport(rocOf(distances, same)),
    ...foldAccuracy(distances, same),
    tarAtFar: tarAtFar(distances, same),
  };
}

/** What a table or a JSON file says of one arm on pairs of templates. */
export interface TemplatesReport extends CurveReport {
  /** True-accept rate at each false-accept rate, read off the ROC at its nearest point. */
  readonly tarAtFar: readonly Pick<TarAtFar, 'far' | 'tar'>[];
}

/**
 * All measures of the IJB 1:1 protocol, as InsightFace's eval_ijbc.py takes them: one ROC of all pairs, no folds.
 * `distances` [P] fall where templates are more alike, as 2 - 2 cosine does.
 * @throws VerificationProblem `sizes-differ`, `one-kind-of-pair`
 */
export function templatesReport(distances: Float64Array, same: ArrayLike<number | boolean>): TemplatesReport {
  const roc = rocOf(distances, same);
  return {
    ...curveReport(roc),
    tarAtFar: REPORTED_FARS.map((far) => ({ far, tar: tarAtNearestFar(roc, far) })),
  };
}

function rocOf(distances: Float64Array, same: ArrayLike<number | boolean>): RocCurve {
  return rocCurve(
    distances.map((distance) => -distance),
    same,
  );
}

function curveReport(roc: RocCurve): CurveReport {
  return {
    pairs: roc.samePairs + roc.differentPairs,
    samePairs: roc.samePairs,
    auc: areaUnder(roc),
    eer: equalErrorRate(roc),
  };
}
