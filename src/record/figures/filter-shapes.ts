import { type KernelSlice, kernelPixels } from '../kernel-image.ts';
import type { FilterState } from '../shown-layer.ts';
import { circle, PAPER, rectangle, type Shape } from './drawing.ts';

/** Where a tile is. */
export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The weights of a filter as squares; `full` is the weight that is black or white. */
export function kernelSquares(
  slice: KernelSlice,
  size: number,
  { x, y, side }: TilePlace,
  { full, contrast, faint }: { readonly full: number; readonly contrast: number; readonly faint: boolean },
): readonly Shape[] {
  const pixels = kernelPixels(slice, size, full, contrast);
  const each = side / size;
  return Array.from({ length: size * size }, (_, pixel): Shape => {
    const [red, green, blue] = pixels.subarray(pixel * 4, pixel * 4 + 3);
    return {
      kind: 'path',
      d: rectangle(x + (pixel % size) * each, y + Math.floor(pixel / size) * each, each, each),
      fill: `rgb(${red},${green},${blue})`,
      crisp: true,
      ...(faint ? { opacity: 0.18 } : {}),
    };
  });
}

/** A slash in a circle, around a centre. */
export function unusedMark(x: number, y: number): readonly Shape[] {
  return [
    { kind: 'path', d: circle(x, y, 5.5), fill: PAPER.surface, stroke: PAPER.ink2, width: 1.25 },
    { kind: 'path', d: `M${x - 3.3} ${y + 3.3}l6.6 -6.6`, stroke: PAPER.ink2, width: 1.25 },
  ];
}

/** The mark of a state, which needs no colour. */
export function frame(state: FilterState, x: number, y: number, side: number): readonly Shape[] {
  const around = (gap: number) => rectangle(x - gap, y - gap, side + 2 * gap, side + 2 * gap);
  switch (state) {
    case 'strong':
      return [{ kind: 'path', d: around(1.75), stroke: PAPER.ink, width: 1.5 }];
    case 'weak':
      return [{ kind: 'path', d: around(0.5), stroke: PAPER.hairline, width: 1 }];
    case 'inactive':
      return [
        { kind: 'path', d: hatch(x, y, side), stroke: PAPER.hatch, width: 1 },
        { kind: 'path', d: around(-0.5), stroke: PAPER.mark, width: 1, dash: [3, 3] },
      ];
    case 'reactivated': {
      const [right, top] = [x + side + 1.5, y - 1.5];
      return [
        { kind: 'path', d: around(2.25), stroke: PAPER.craft, width: 2.5 },
        { kind: 'path', d: circle(right, top, 6), fill: PAPER.craft, stroke: PAPER.surface, width: 1.5 },
        { kind: 'path', d: `M${right - 2.5} ${top + 2}h5l-2.5 -4.5z`, fill: PAPER.surface },
      ];
    }
  }
}

/** Lines from lower left to upper right, 5.2 apart, inside a square. */
function hatch(x: number, y: number, side: number): string {
  const lines: string[] = [];
  for (let offset = 5.2 * Math.SQRT2; offset < 2 * side; offset += 5.2 * Math.SQRT2) {
    const from = Math.max(0, offset - side);
    const to = Math.min(side, offset);
    lines.push(`M${(x + from).toFixed(1)} ${(y + to).toFixed(1)}L${(x + to).toFixed(1)} ${(y + from).toFixed(1)}`);
  }
  return lines.join('');
}
