const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 10];

/** Round steps from 0 on that divide a run into about `parts` parts, never more. */
export function stepTicks(totalSteps: number, parts = 4): readonly number[] {
  const raw = totalSteps / parts;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, raw)));
  const spacing = Math.max(1, Math.round((NICE.find((nice) => nice * power >= raw) ?? 10) * power));
  return Array.from({ length: Math.floor(totalSteps / spacing) + 1 }, (_, place) => place * spacing);
}

/**
 * `stepTicks` of an axis `width` pixels long, as many as can be read side by side. `widthOf` gives the width of a tick's
 * label; the first label begins at the axis, the last may end there, and those between are centred on their step.
 */
export function fittingStepTicks(
  totalSteps: number,
  width: number,
  widthOf: (step: number) => number,
): readonly number[] {
  const gap = 8;
  for (const parts of [4, 3, 2, 1]) {
    const ticks = stepTicks(totalSteps, parts);
    let end = Number.NEGATIVE_INFINITY;
    const fits = ticks.every((step) => {
      const label = widthOf(step);
      const start = labelStart(step / totalSteps, width, label);
      const clear = start >= end + gap;
      end = start + label;
      return clear;
    });
    if (fits) return ticks;
  }
  return [0];
}

/** Where a label begins, in pixels from the start of the axis. */
function labelStart(share: number, width: number, label: number): number {
  const end = tickEnd(share);
  const at = share * width;
  if (end === 'left') return at;
  return end === 'right' ? at - label : at - label / 2;
}

/** The end of the axis that a label keeps within; undefined where it has room on both sides. */
export function tickEnd(share: number): 'left' | 'right' | undefined {
  if (share < 0.02) return 'left';
  return share > 0.96 ? 'right' : undefined;
}

/** The step at a place of a plot, whole and within the run. */
export function stepAt(share: number, totalSteps: number): number {
  return Math.round(Math.max(0, Math.min(1, share)) * totalSteps);
}
