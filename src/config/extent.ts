/** The lowest and the highest of a list of any length, unlike `Math.min(...values)`; undefined of nothing. */
export function extent(values: readonly number[]): readonly [lowest: number, highest: number] | undefined {
  const [first] = values;
  if (first === undefined) return undefined;
  let [lowest, highest] = [first, first];
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return [lowest, highest];
}
