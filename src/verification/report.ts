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

/** The figures of one ROC of all pairs. */
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
 * All measures of the pairs protocol from squared distances [P] and answers [P]; `roc` is their curve, where it is at
 * hand.
 * @throws VerificationProblem `sizes-differ`, `too-few-pairs`, `one-kind-of-pair`
 */
export function pairsReport(
  distances: ArrayLike<number>,
  same: ArrayLike<number | boolean>,
  roc: RocCurve = rocCurve(distances, same),
): PairsReport {
  return {
    ...curveReport(roc),
    ...foldAccuracy(distances, same),
    tarAtFar: tarAtFar(distances, same),
  };
}

/** The row of one arm on pairs of templates in a table or a JSON file. */
export interface TemplatesReport extends CurveReport {
  /** True-accept rate at each false-accept rate, read off the ROC at its nearest point. */
  readonly tarAtFar: readonly Pick<TarAtFar, 'far' | 'tar'>[];
}

/**
 * All measures of the IJB 1:1 protocol, as InsightFace's eval_ijbc.py takes them: one ROC of all pairs, no folds.
 */
export function templatesReport(roc: RocCurve): TemplatesReport {
  return {
    ...curveReport(roc),
    tarAtFar: REPORTED_FARS.map((far) => ({ far, tar: tarAtNearestFar(roc, far) })),
  };
}

function curveReport(roc: RocCurve): CurveReport {
  return {
    pairs: roc.samePairs + roc.differentPairs,
    samePairs: roc.samePairs,
    auc: areaUnder(roc),
    eer: equalErrorRate(roc),
  };
}
