import type { Convolution } from './convolution.ts';
import { filterAt, length } from './filter-bank.ts';

/** |cosine| of at least 0.999 is a distance of at most sqrt(2 * 0.001) between unit vectors. */
const MOST_SQUARED = 0.002;

/**
 * Filters that look for the same pattern as an earlier filter of their group, or for its negative, ascending. Filters
 * of a group see the same channels; those of different groups do not, so that they repeat nothing. Filters of one
 * weight all look for the same and are left out.
 */
export function repeatedFilters({ kernel, shape, groups }: Convolution): readonly number[] {
  const [height, width, channels, filters] = shape;
  // Without a graph a kernel of one channel and several filters may be depthwise.
  const perGroup = filters / (groups ?? (channels === 1 ? filters : 1));
  if (perGroup <= 1 || height * width * channels === 1) return [];
  const directions = Array.from({ length: filters }, (_, index) => {
    const weights = filterAt(kernel, filters, index);
    const norm = length(weights);
    return norm > 0 && Number.isFinite(norm) ? weights.map((weight) => weight / norm) : undefined;
  });
  const repeated: number[] = [];
  for (let index = 0; index < filters; index++) {
    const direction = directions[index];
    if (direction === undefined) continue;
    const first = index - (index % perGroup);
    for (let earlier = first; earlier < index; earlier++) {
      const other = directions[earlier];
      if (other === undefined || !(isNear(direction, other, 1) || isNear(direction, other, -1))) continue;
      repeated.push(index);
      break;
    }
  }
  return repeated;
}

/** Whether two unit vectors are that near, the first times `sign`; for most pairs the first weights already decide. */
function isNear(a: Float64Array, b: Float64Array, sign: 1 | -1): boolean {
  let squared = 0;
  for (let i = 0; i < a.length; i++) {
    squared += ((a[i] ?? 0) - sign * (b[i] ?? 0)) ** 2;
    if (squared > MOST_SQUARED) return false;
  }
  return true;
}
