const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 10];

/** Round steps from 0 on that divide a run into about four parts. */
export function stepTicks(totalSteps: number): readonly number[] {
  const raw = totalSteps / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
  const spacing = Math.max(1, Math.round((NICE.find((nice) => nice * power >= raw) ?? 10) * power));
  return Array.from({ length: Math.floor(totalSteps / spacing) + 1 }, (_, place) => place * spacing);
}

/** The step at a place of a plot, whole and within the run. */
export function stepAt(share: number, totalSteps: number): number {
  return Math.round(Math.max(0, Math.min(1, share)) * totalSteps);
}
