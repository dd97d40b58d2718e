import { formatNumber } from '../../config/quantity.ts';
import { ARM_LABELS, ARMS } from '../arm.ts';
import type { MeasuredRun } from '../measured-run.ts';
import { chartRows, rangeOf, type SeriesName } from './chart-rows.ts';
import { conclusionText } from './conclusion-text.ts';
import { armMark, circle, type Drawing, PAPER, rectangle, type Shape } from './drawing.ts';
import { stepTicks } from './step-ticks.ts';
import { readoutText, valueAxis } from './value-axis.ts';

const WIDTH = 760;
const MARGIN = 24;
const LEFT = 72;
const RIGHT = 24;
const HEAD = 100;
const PLOT = 150;
const PANEL = PLOT + 60;
const CHARTS: readonly (readonly [SeriesName, string])[] = [
  ['inactiveShare', 'Inactive filters'],
  ['verification', 'Held-out accuracy'],
  ['loss', 'Loss'],
];

/** Inactive share, held-out accuracy and loss of both arms over the run. */
export function runCharts(run: MeasuredRun, name: string): Drawing {
  const plots = HEAD + CHARTS.length * PANEL + 12;
  const conclusion = conclusionText(run, MARGIN, plots - 12, WIDTH - 2 * MARGIN);
  const height = plots + conclusion.height;
  const title = `Run up to step ${formatNumber(run.step)} of ${formatNumber(run.totalSteps)}`;
  const shapes: Shape[] = [
    { kind: 'path', d: rectangle(0, 0, WIDTH, height), fill: PAPER.surface },
    { kind: 'text', x: MARGIN, y: 34, text: title, size: 18, bold: true, fill: PAPER.ink },
    { kind: 'text', x: MARGIN, y: 54, text: name, size: 12, fill: PAPER.ink2 },
    ...legend(run),
  ];
  CHARTS.forEach(([series, label], place) => {
    shapes.push(...chart(run, series, label, HEAD + place * PANEL));
  });
  return { width: WIDTH, height, title: `${title}. ${name}`, shapes: [...shapes, ...conclusion.shapes] };
}

function legend(run: MeasuredRun): readonly Shape[] {
  const arms = ARMS.filter((arm) => run.arms[arm] !== undefined);
  const marks: Shape[] = arms.flatMap((arm, place): Shape[] => {
    const x = MARGIN + place * 130;
    const line = { kind: 'path', d: `M${x} 78h28`, stroke: PAPER[arm], width: arm === 'standard' ? 1.75 : 2 } as const;
    return [
      arm === 'standard' ? { ...line, dash: [6, 2.5] } : line,
      armMark(arm, x + 28, 78),
      { kind: 'text', x: x + 40, y: 82, text: ARM_LABELS[arm], size: 12, fill: PAPER.ink },
    ];
  });
  let x = MARGIN + arms.length * 130;
  const explain = (mark: Shape, text: string) => {
    marks.push(mark, { kind: 'text', x: x + 14, y: 82, text, size: 12, fill: PAPER.ink });
    x += 36 + text.length * 6.2;
  };
  if (run.eventSteps.length > 0) {
    explain({ kind: 'path', d: `M${x} 82h8l-4 -7z`, fill: PAPER.event }, 'filters re-activated');
  }
  if (run.stopStep !== undefined) {
    explain({ kind: 'path', d: `M${x + 4} 70v16`, stroke: PAPER.ink2, width: 1, dash: [4, 4] }, 'CRAFT stops');
  }
  if (run.seams.length > 0) {
    explain({ kind: 'path', d: circle(x + 4, 78, 2.5), stroke: PAPER.ink2, width: 1 }, 'resumed from a checkpoint');
  }
  return marks;
}

function chart(run: MeasuredRun, name: SeriesName, label: string, top: number): readonly Shape[] {
  const rows = chartRows(run, name);
  const { ticks, format } = valueAxis(name, rangeOf(rows));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const plotTop = top + 24;
  const bottom = plotTop + PLOT;
  const across = (step: number) => LEFT + (step / run.totalSteps) * (WIDTH - LEFT - RIGHT);
  const up = (value: number) => bottom - ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * PLOT;
  const shapes: Shape[] = [
    { kind: 'text', x: MARGIN, y: top + 10, text: label, size: 13, bold: true, fill: PAPER.ink },
  ];
  for (const tick of ticks) {
    const y = up(tick);
    shapes.push({ kind: 'path', d: `M${LEFT} ${y.toFixed(1)}H${WIDTH - RIGHT}`, stroke: PAPER.hairline, width: 1 });
    shapes.push({ kind: 'text', x: LEFT - 8, y: y + 4, text: format(tick), size: 11, fill: PAPER.ink2, align: 'end' });
  }
  for (const tick of stepTicks(run.totalSteps)) {
    const text = tick === 0 ? 'step 0' : formatNumber(tick);
    shapes.push({ kind: 'text', x: across(tick), y: bottom + 18, text, size: 11, fill: PAPER.ink2, align: 'middle' });
  }
  shapes.push(...marks(run, across, plotTop, bottom));
  let right = WIDTH - RIGHT;
  for (const arm of ARMS.toReversed()) {
    const points = rows.flatMap((row) => {
      const value = row[arm];
      return value === undefined ? [] : [{ x: across(row.step), y: up(value), value }];
    });
    const last = points.at(-1);
    if (last === undefined) continue;
    const d = points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
    const line = { kind: 'path', d, stroke: PAPER[arm], width: arm === 'standard' ? 1.75 : 2 } as const;
    shapes.push(arm === 'standard' ? { ...line, dash: [6, 2.5] } : line, armMark(arm, last.x, last.y));
    const text = readoutText(name, last.value);
    shapes.push({ kind: 'text', x: right, y: top + 10, text, size: 12, bold: true, fill: PAPER.ink, align: 'end' });
    shapes.push(armMark(arm, right - 12 - text.length * 6.8, top + 6));
    right -= 40 + text.length * 6.8;
  }
  for (const arm of ARMS) {
    const points = rows.flatMap((row) => {
      const value = row[`${arm}Unused`];
      return value === undefined ? [] : [`${across(row.step).toFixed(1)} ${up(value).toFixed(1)}`];
    });
    if (points.length === 0) continue;
    const line = { kind: 'path', d: `M${points.join('L')}`, stroke: PAPER[arm], width: 1 } as const;
    shapes.push(arm === 'standard' ? { ...line, dash: [3, 2] } : line);
  }
  if (rows.some((row) => row.standardUnused !== undefined || row.craftUnused !== undefined)) {
    const text = 'thin: unused by the next layer';
    shapes.push({ kind: 'text', x: MARGIN + 110, y: top + 10, text, size: 12, fill: PAPER.ink2 });
  }
  return shapes;
}

/** A line and a triangle for each re-activation, dashes where CRAFT stops, a dot and dots where the run broke off. */
function marks(run: MeasuredRun, across: (step: number) => number, top: number, bottom: number): readonly Shape[] {
  const steps = [...new Set(run.eventSteps)];
  const at = (step: number) => across(step).toFixed(1);
  const shapes: Shape[] = [{ kind: 'path', d: `M${LEFT} ${bottom}H${WIDTH - RIGHT}`, stroke: PAPER.mark, width: 1 }];
  if (steps.length > 0) {
    const lines = steps.map((step) => `M${at(step)} ${top}V${bottom}`).join('');
    const triangles = steps.map((step) => `M${(across(step) - 3.5).toFixed(1)} ${bottom}h7l-3.5 -6z`).join('');
    shapes.push({ kind: 'path', d: lines, stroke: PAPER.event, width: 1, opacity: 0.45 });
    shapes.push({ kind: 'path', d: triangles, fill: PAPER.event });
  }
  if (run.stopStep !== undefined) {
    shapes.push({
      kind: 'path',
      d: `M${at(run.stopStep)} ${top}V${bottom}`,
      stroke: PAPER.ink2,
      width: 1,
      dash: [4, 4],
    });
  }
  for (const { step } of run.seams) {
    shapes.push({ kind: 'path', d: `M${at(step)} ${top}V${bottom}`, stroke: PAPER.mark, width: 1, dash: [1, 3] });
    shapes.push({
      kind: 'path',
      d: circle(across(step), bottom, 2.5),
      fill: PAPER.surface,
      stroke: PAPER.ink2,
      width: 1,
    });
  }
  return shapes;
}
