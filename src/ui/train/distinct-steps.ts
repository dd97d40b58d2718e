/**
 * Rising steps thinned out to those that differ on an axis of `places` pixels: the first of those that fall on the
 * same one. Keeps drawing cheap however many events a run has.
 */
export function distinctSteps(steps: readonly number[], totalSteps: number, places: number): readonly number[] {
  let last = Number.NEGATIVE_INFINITY;
  return steps.filter((step) => {
    const place = Math.floor((step / totalSteps) * places);
    if (place === last) return false;
    last = place;
    return true;
  });
}
