import { extent } from '../config/extent.ts';
import { formatFixed, formatNumber } from '../config/quantity.ts';
import { circle, type Drawing, PAPER, rectangle, type Shape } from '../record/figures/drawing.ts';
import type { Interval } from '../verification/bootstrap.ts';
import type { Curve } from './statistics/curves.ts';

/** One row of a dot plot: a mean with its interval, and every seed as a dot. */
export interface DotRow {
  readonly label: string;
  readonly standard: boolean;
  /** In per cent or points. */
  readonly seeds: readonly number[];
  readonly mean: number;
  readonly interval: Interval | undefined;
  /** Whether a difference is claimed; its mark is hollow and grey where it is not. */
  readonly claimed: boolean;
}

const WIDTH = 720;
const LABELS = 190;
const TEXT = 190;
const ROW = 46;
const TOP = 44;
const SIZE = 12;

/** A dot plot: a row a condition, its mean, 95 % interval and seeds; `zero` marks the line of no difference. */
export function dotPlot(title: string, rows: readonly DotRow[], zero: boolean): Drawing {
  const values = rows.flatMap(({ seeds, interval }) => [...seeds, ...(interval ?? [])]);
  const ticks = ticksOf(zero ? [0, ...values] : values);
  const x = scaleOf(ticks, LABELS, WIDTH - TEXT - 20);
  const bottom = TOP + rows.length * ROW;
  const shapes: Shape[] = [
    { kind: 'path', d: rectangle(0, 0, WIDTH, bottom + 34), fill: PAPER.surface },
    { kind: 'text', x: 16, y: 24, text: title, size: 14, bold: true, fill: PAPER.ink },
    ...ticks.flatMap((tick): Shape[] => [
      {
        kind: 'path',
        d: `M${x(tick)} ${TOP}V${bottom}`,
        stroke: zero && tick === 0 ? PAPER.ink : PAPER.hairline,
        width: 1,
      },
      { kind: 'text', x: x(tick), y: bottom + 20, text: number(tick), size: SIZE, fill: PAPER.ink2, align: 'middle' },
    ]),
    ...rows.flatMap((row, index) => rowShapes(row, TOP + index * ROW + 18, x, zero)),
  ];
  return { width: WIDTH, height: bottom + 34, title, shapes };
}

function rowShapes(
  { label, standard, seeds, mean, interval, claimed }: DotRow,
  y: number,
  x: (value: number) => number,
  zero: boolean,
): readonly Shape[] {
  const colour = standard ? PAPER.standard : PAPER.craft;
  const shown = claimed ? colour : PAPER.mark;
  const text = (value: number) => `${zero && value > 0 ? '+' : ''}${number(value)}`;
  const [low, high] = interval ?? [mean, mean];
  const numbers = `${interval === undefined ? '' : ` [${text(low)}, ${text(high)}]`}, n = ${seeds.length}`;
  return [
    { kind: 'text', x: 16, y: y + 4, text: label, size: SIZE, bold: true, fill: PAPER.ink },
    {
      kind: 'path',
      d: `M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 5}v10M${x(high)} ${y - 5}v10`,
      stroke: shown,
      width: 2,
    },
    standard
      ? { kind: 'path', d: rectangle(x(mean) - 5, y - 5, 10, 10), fill: shown }
      : { kind: 'path', d: circle(x(mean), y, 5), fill: claimed ? shown : PAPER.surface, stroke: shown, width: 2 },
    ...seeds.map((seed): Shape => ({ kind: 'path', d: circle(x(seed), y + 14, 2.5), fill: colour, opacity: 0.55 })),
    {
      kind: 'text',
      x: WIDTH - 16,
      y: y + 4,
      text: `${text(mean)}${numbers}`,
      size: SIZE,
      fill: PAPER.ink,
      align: 'end',
    },
  ];
}

/** A curve of a figure, with its name. */
export interface NamedCurve {
  readonly label: string;
  readonly standard: boolean;
  readonly curve: Curve;
}

const HEIGHT = 320;

/** Curves over training, in per cent: every seed a thin line, the mean thick with its interval at measured steps, and its n. */
export function curvePlot(title: string, curves: readonly NamedCurve[]): Drawing {
  const points = curves.flatMap(({ curve }) => curve.seeds.flatMap(({ points }) => points));
  const ticks = ticksOf(points.map(({ value }) => 100 * value));
  const steps = ticksOf([0, ...points.map(({ step }) => step)]);
  const [left, right, top, bottom] = [64, WIDTH - TEXT - 30, TOP, HEIGHT - 40];
  const x = scaleOf(steps, left, right);
  const y = scaleOf(ticks, bottom, top);
  const line = (some: readonly { readonly step: number; readonly value: number }[]) =>
    some
      .map(({ step, value }, index) => `${index === 0 ? 'M' : 'L'}${round(x(step))} ${round(y(100 * value))}`)
      .join('');
  const shapes: Shape[] = [
    { kind: 'path', d: rectangle(0, 0, WIDTH, HEIGHT), fill: PAPER.surface },
    { kind: 'text', x: 16, y: 24, text: title, size: 14, bold: true, fill: PAPER.ink },
    ...ticks.flatMap((tick): Shape[] => [
      { kind: 'path', d: `M${left} ${y(tick)}H${right}`, stroke: PAPER.hairline, width: 1 },
      { kind: 'text', x: left - 8, y: y(tick) + 4, text: number(tick), size: SIZE, fill: PAPER.ink2, align: 'end' },
    ]),
    ...steps.map(
      (tick): Shape => ({
        kind: 'text',
        x: x(tick),
        y: bottom + 20,
        text: formatNumber(tick),
        size: SIZE,
        fill: PAPER.ink2,
        align: 'middle',
      }),
    ),
    ...curves.flatMap(({ curve, label, standard }, index): Shape[] => {
      const stroke = standard ? PAPER.standard : PAPER.craft;
      const dash = index < 2 ? {} : { dash: [2 + 3 * (index - 1), 3] };
      const [fewest, most] = extent(curve.means.map(({ seeds }) => seeds)) ?? [0, 0];
      const intervals = curve.means.flatMap(({ step, interval }) =>
        interval === undefined
          ? []
          : [`M${round(x(step))} ${round(y(100 * interval[0]))}V${round(y(100 * interval[1]))}`],
      );
      return [
        ...curve.seeds.map(
          ({ points: own }): Shape => ({ kind: 'path', d: line(own), stroke, width: 1, opacity: 0.25 }),
        ),
        { kind: 'path', d: intervals.join(''), stroke, width: 1.5, opacity: 0.7 },
        { kind: 'path', d: line(curve.means), stroke, width: 2.5, ...dash },
        { kind: 'path', d: `M${right + 16} ${top + 22 * index + 8}h22`, stroke, width: 2.5, ...dash },
        {
          kind: 'text',
          x: right + 44,
          y: top + 22 * index + 12,
          text: `${label}, n = ${fewest === most ? most : `${fewest} to ${most}`}`,
          size: SIZE,
          fill: PAPER.ink,
        },
      ];
    }),
  ];
  return { width: WIDTH, height: HEIGHT, title, shapes };
}

/** Round values that hold all of these, four to eight of them. */
function ticksOf(values: readonly number[]): readonly number[] {
  const [low, high] = extent(values) ?? [0, 1];
  if (!Number.isFinite(high - low)) return [0, 1];
  const rough = Math.max(high - low, 1e-6) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function scaleOf(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  return (value) => round(from + ((value - low) / (high - low)) * (to - from));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function number(value: number): string {
  return formatFixed(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : Number.isInteger(value) ? 0 : 1);
}
