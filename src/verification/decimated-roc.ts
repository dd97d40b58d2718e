import type { RocCurve } from './roc.ts';

/** Points of an ROC to draw on a logarithmic axis; [n] each, ascending. */
export interface DrawnRoc {
  readonly far: readonly number[];
  readonly tar: readonly number[];
}

/** Points a chart gets at most. */
const DRAWN_POINTS = 300;

/**
 * The ROC for an axis that is logarithmic in the false-accept rate: of each of equally wide stretches of it the first and
 * the last point, so that steps keep their height. Points without a false accept have no place there; of them the
 * highest is at half the lowest rate that can be measured.
 */
export function decimatedRoc(roc: RocCurve, most: number = DRAWN_POINTS): DrawnRoc {
  const { falseAcceptRates, trueAcceptRates, differentPairs } = roc;
  const lowest = 1 / (2 * differentPairs);
  const stretches = Math.floor((most - 2) / 2);
  const stretchOf = (far: number) => Math.floor((Math.log(far / lowest) / Math.log(1 / lowest)) * stretches);
  const points: { far: number; tar: number; stretch: number; last: boolean }[] = [];
  let beforeFirst = 0;
  for (let i = 0; i < falseAcceptRates.length; i++) {
    const far = falseAcceptRates[i] ?? 0;
    const tar = trueAcceptRates[i] ?? 0;
    if (far === 0) {
      beforeFirst = tar;
      continue;
    }
    const stretch = stretchOf(far);
    const newest = points[points.length - 1];
    if (newest?.stretch === stretch && newest.last) points.pop();
    points.push({ far, tar, stretch, last: newest?.stretch === stretch });
  }
  return { far: [lowest, ...points.map(({ far }) => far)], tar: [beforeFirst, ...points.map(({ tar }) => tar)] };
}
