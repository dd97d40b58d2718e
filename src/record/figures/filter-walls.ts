import { formatNumber, formatPercent } from '../../config/quantity.ts';
import { ARM_LABELS, ARMS, type ArmName } from '../arm.ts';
import { largestWeight } from '../kernel-image.ts';
import type { MeasuredRun } from '../measured-run.ts';
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

/** The first-layer filters of both arms at `step` (the newest without one), as the page's walls show them. */
export function filterWalls(run: MeasuredRun, name: string, step?: number): Drawing {
  const arms = ARMS.filter((arm) => run.arms[arm] !== undefined);
  const [size = 3, , , filters = 1] = run.kernelShape ?? [];
  const { columns } = wallLayout(filters, size, PANEL - 8, 250);
  // Rings of neighbours must not touch.
  const side = Math.max(1, Math.floor((PANEL - 8 - (columns - 1) * GAP) / columns / size)) * size;
  const rows = Math.ceil(filters / columns);
  const wall = rows * side + (rows - 1) * GAP;
  const width = MARGIN + arms.length * (PANEL + MARGIN);
  const walls = HEAD + 30 + wall + FOOT;
  // The conclusion is of the end, and a pinned step is not.
  const text = step === undefined ? conclusionText(run, MARGIN, walls - 8, width - 2 * MARGIN) : undefined;
  const height = walls + (text?.height ?? 0);
  const at = formatNumber(step ?? run.step);
  const title = `First layer at step ${at} of ${formatNumber(run.totalSteps)}`;
  const shapes: Shape[] = [
    { kind: 'path', d: rectangle(0, 0, width, height), fill: PAPER.surface },
    { kind: 'text', x: MARGIN, y: 34, text: title, size: 18, bold: true, fill: PAPER.ink },
    { kind: 'text', x: MARGIN, y: 54, text: name, size: 12, fill: PAPER.ink2 },
  ];
  arms.forEach((arm, place) => {
    const left = MARGIN + place * (PANEL + MARGIN);
    const layer = shownLayer(run, arm, step);
    shapes.push(...armHead(arm, layer, filters, left));
    if (layer === undefined) return;
    for (let filter = 0; filter < filters; filter++) {
      const x = left + 4 + (filter % columns) * (side + GAP);
      const y = HEAD + 30 + Math.floor(filter / columns) * (side + GAP);
      shapes.push(...tile(layer, filter, size, x, y, side));
    }
  });
  const legend = walls - 26;
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

function tile(layer: ShownLayer, filter: number, size: number, x: number, y: number, side: number): readonly Shape[] {
  const { view, states, strongNorm } = layer;
  const state = states[filter] ?? 'weak';
  const shapes: Shape[] = [];
  if (view.kernel !== undefined) {
    const slice = { kernel: view.kernel, filters: states.length, filter };
    const contrast = state === 'weak' ? weakContrast(view.norms[filter], strongNorm) : 1;
    shapes.push(
      ...kernelSquares(
        slice,
        size,
        { x, y, side },
        { full: largestWeight(slice), contrast, faint: state === 'inactive' },
      ),
    );
  }
  const unused = state !== 'inactive' && layer.unused.has(filter) ? unusedMark(x + side - 1, y + side - 1) : [];
  return [...shapes, ...frame(state, x, y, side), ...unused];
}
