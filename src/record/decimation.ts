/**
 * Indices of at most `most` points that draw the same line: of every bucket of equal width in steps the lowest and
 * the highest, in their order, and always the first and the last point.
 * @param steps rising
 * @param most at least 4
 */
export function decimate(steps: ArrayLike<number>, values: ArrayLike<number>, most: number): number[] {
  const count = Math.min(steps.length, values.length);
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  const first = steps[0] ?? 0;
  const span = (steps[count - 1] ?? 0) - first;
  const buckets = Math.floor(most / 2) - 1;
  const kept: number[] = [0];
  const keep = (index: number) => {
    if (index > (kept[kept.length - 1] ?? -1)) kept.push(index);
  };
  let start = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const end = first + (span * (bucket + 1)) / buckets;
    let lowest = start;
    let highest = start;
    let index = start;
    while (index < count && ((steps[index] ?? 0) < end || bucket === buckets - 1)) {
      if ((values[index] ?? 0) < (values[lowest] ?? 0)) lowest = index;
      if ((values[index] ?? 0) > (values[highest] ?? 0)) highest = index;
      index++;
    }
    if (index > start) {
      keep(Math.min(lowest, highest));
      keep(Math.max(lowest, highest));
    }
    start = index;
  }
  keep(count - 1);
  return kept;
}
