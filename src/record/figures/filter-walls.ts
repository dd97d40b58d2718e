import { formatNumber, formatPercent } from '../../config/quantity.ts';
import { type ResponseMaps, type SeenFace, tileResponses } from '../../craft/response.ts';
import { ARM_LABELS, ARMS, type ArmName } from '../arm.ts';
import { KERNEL_PARTS, kernelPartPixels, largestWeight } from '../kernel-image.ts';
import type { MeasuredRun } from '../measured-run.ts';
import { responseBytes } from '../response-image.ts';
import { type FilterState, type ShownLayer, shownLayer, weakContrast } from '../shown-layer.ts';
import { conclusionText } from './conclusion-text.ts';
import { armMark, type Drawing, PAPER, rectangle, type Shape } from './drawing.ts';
import { frame, kernelSquares, unusedMark } from './filter-shapes.ts';
import { wallLayout } from './wall-layout.ts';

const MARGIN = 24;
const PANEL = 420;
const HEAD = 76;
const FOOT = 56;
/** Between tiles. */
const GAP = 9;
const LEGEND: readonly (readonly [FilterState, string])[] = [
  ['strong', 'Strong'],
  ['weak', 'Weak'],
  ['inactive', 'Inactive'],
  ['reactivated', 'Just re-activated'],
];

/** A place of a tile in a drawing. */
interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The view of each filter on a wall. */
interface WallContents {
  /** In front of "at step 100 of 200". */
  readonly title: string;
  /** In place of the name, where the tiles need an explanation. */
  readonly note?: string;
  /** Draws a filter; `size` is the width of a kernel in weights. */
  tile(arm: ArmName, layer: ShownLayer, filter: number, size: number, place: TilePlace): readonly Shape[];
}

/** The first-layer filters of both arms at `step` (the newest without one), as the page's walls show them. */
export function filterWalls(run: MeasuredRun, name: string, step?: number): Drawing {
  return walls(run, name, step, { title: 'First layer', tile: (_, ...of) => weights(...of) });
}

/** The same filters as the paper draws them: σ and R above, G and B below, in grey. Only kernels of three channels. */
export function filterParts(run: MeasuredRun, name: string, step?: number): Drawing {
  return walls(run, name, step, {
    title: 'First layer',
    note: 'Each filter as four tiles in grey: σ (deviation over the colours) and R above, G and B below',
    tile: (_, { view, states }, filter, size, { x, y, side }) => {
      if (view.kernel === undefined) return [];
      const slice = { kernel: view.kernel, filters: states.length, filter };
      const full = largestWeight(slice);
      return KERNEL_PARTS.map((part, at): Shape => {
        const grey = kernelPartPixels(slice, size, full, part).filter((_value, byte) => byte % 4 === 0);
        const [right, below] = [at % 2, at >> 1];
        const half = (side - 2) / 2;
        return {
          kind: 'picture',
          x: x + right * (half + 2),
          y: y + below * (half + 2),
          side: half,
          pixels: size,
          grey,
        };
      });
    },
  });
}

/** The first layer's response to a face, after convolution, batch norm and PReLU. Runs of older versions have none. */
export function responseWalls(run: MeasuredRun, name: string, face: SeenFace, step?: number): Drawing {
  const maps = new Map<ArmName, ResponseMaps>();
  return walls(run, name, step, {
    title: 'Responses of the first layer',
    note: 'After convolution, batch norm and PReLU; black is no response, 2 and more is white, square-root scale',
    tile: (arm, { view, states }, filter, size, { x, y, side }) => {
      if (view.kernel === undefined || view.channels === undefined) return [];
      const shape = [size, size, 3, states.length] as const;
      const found = maps.get(arm) ?? tileResponses(face, { kernel: view.kernel, shape, channels: view.channels });
      maps.set(arm, found);
      return [{ kind: 'picture', x, y, side, pixels: found.side, grey: responseBytes(found, filter) }];
    },
  });
}

function walls(run: MeasuredRun, name: string, step: number | undefined, contents: WallContents): Drawing {
  const arms = ARMS.filter((arm) => run.arms[arm] !== undefined);
  const [size = 3, , , filters = 1] = run.kernelShape ?? [];
  const { columns } = wallLayout(filters, size, PANEL - 8, 250);
  // Rings of neighbours must not touch.
  const side = Math.max(1, Math.floor((PANEL - 8 - (columns - 1) * GAP) / columns / size)) * size;
  const rows = Math.ceil(filters / columns);
  const wall = rows * side + (rows - 1) * GAP;
  const width = MARGIN + arms.length * (PANEL + MARGIN);
  const bottom = HEAD + 30 + wall + FOOT;
  // The conclusion is of the end, and a pinned step is not.
  const text = step === undefined ? conclusionText(run, MARGIN, bottom - 8, width - 2 * MARGIN) : undefined;
  const height = bottom + (text?.height ?? 0);
  const at = formatNumber(step ?? run.step);
  const title = `${contents.title} at step ${at} of ${formatNumber(run.totalSteps)}`;
  const shapes: Shape[] = [
    { kind: 'path', d: rectangle(0, 0, width, height), fill: PAPER.surface },
    { kind: 'text', x: MARGIN, y: 34, text: title, size: 18, bold: true, fill: PAPER.ink },
    { kind: 'text', x: MARGIN, y: 52, text: name, size: 12, fill: PAPER.ink2 },
    ...(contents.note === undefined ? [] : [noteText(contents.note)]),
  ];
  arms.forEach((arm, place) => {
    const left = MARGIN + place * (PANEL + MARGIN);
    const layer = shownLayer(run, arm, step);
    shapes.push(...armHead(arm, layer, filters, left));
    if (layer === undefined) return;
    for (let filter = 0; filter < filters; filter++) {
      const x = left + 4 + (filter % columns) * (side + GAP);
      const y = HEAD + 30 + Math.floor(filter / columns) * (side + GAP);
      shapes.push(...contents.tile(arm, layer, filter, size, { x, y, side }), ...mark(layer, filter, x, y, side));
    }
  });
  const legend = bottom - 26;
  LEGEND.forEach(([state, label], place) => {
    const x = MARGIN + 4 + place * 104;
    shapes.push(
      { kind: 'path', d: rectangle(x, legend - 7, 14, 14), fill: PAPER.hairline },
      ...frame(state, x, legend - 7, 14),
    );
    shapes.push({ kind: 'text', x: x + 24, y: legend + 4, text: label, size: 12, fill: PAPER.ink2 });
  });
  const unusedAt = MARGIN + 4 + LEGEND.length * 104 + 30;
  shapes.push(...unusedMark(unusedAt + 7, legend));
  shapes.push({ kind: 'text', x: unusedAt + 24, y: legend + 4, text: 'Unused', size: 12, fill: PAPER.ink2 });
  return { width, height, title: `${title}. ${name}`, shapes: [...shapes, ...(text?.shapes ?? [])] };
}

function armHead(arm: ArmName, layer: ShownLayer | undefined, filters: number, left: number): readonly Shape[] {
  const count = layer?.view.inactiveCount ?? 0;
  const rest = layer?.view.use === undefined ? formatPercent(count / filters) : `${layer.unused.size} unused`;
  const text = `${count} of ${filters} inactive · ${rest}`;
  return [
    armMark(arm, left + 8, HEAD + 8),
    { kind: 'text', x: left + 20, y: HEAD + 12, text: ARM_LABELS[arm], size: 13, bold: true, fill: PAPER.ink },
    { kind: 'text', x: left + PANEL - 4, y: HEAD + 12, text, size: 13, fill: PAPER.ink, align: 'end' },
  ];
}

function noteText(text: string): Shape {
  return { kind: 'text', x: MARGIN, y: 68, text, size: 11, fill: PAPER.ink2 };
}

function weights(layer: ShownLayer, filter: number, size: number, place: TilePlace): readonly Shape[] {
  const { view, states, strongNorm } = layer;
  const state = states[filter] ?? 'weak';
  if (view.kernel === undefined) return [];
  const slice = { kernel: view.kernel, filters: states.length, filter };
  const contrast = state === 'weak' ? weakContrast(view.norms[filter], strongNorm) : 1;
  return kernelSquares(slice, size, place, { full: largestWeight(slice), contrast, faint: state === 'inactive' });
}

/** The marks of a filter's state. */
function mark({ states, unused }: ShownLayer, filter: number, x: number, y: number, side: number): readonly Shape[] {
  const state = states[filter] ?? 'weak';
  const slash = state !== 'inactive' && unused.has(filter) ? unusedMark(x + side - 1, y + side - 1) : [];
  return [...frame(state, x, y, side), ...slash];
}
