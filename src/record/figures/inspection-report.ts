import { formatNumber, formatPercent } from '../../config/quantity.ts';
import type { AuditTotals, LayerAudit } from '../../craft/audit.ts';
import type { InspectedState } from '../../craft/inspection.ts';
import type { Verdict } from '../../craft/verdict.ts';
import { largestWeight } from '../kernel-image.ts';
import type { FilterState } from '../shown-layer.ts';
import { textBelow } from './conclusion-text.ts';
import { type Drawing, PAPER, rectangle, type Shape } from './drawing.ts';
import { frame, kernelSquares } from './filter-shapes.ts';
import { wallLayout } from './wall-layout.ts';

/** The contents of a report on a model. */
export interface InspectionReport {
  /** The file, as the user knows it. */
  readonly file: string;
  /** The rule in words: "largest |w| below 0.01". */
  readonly rule: string;
  readonly verdict: Verdict;
  /** Sentences about the removable channels; none where they are not known. */
  readonly decision: readonly string[];
  readonly layer: {
    readonly name: string;
    readonly states: readonly InspectedState[];
    /** [size, size, channels, filters]. */
    readonly kernel: Float32Array;
    readonly size: number;
    /** The weight shown in full: of all filters, or undefined for each filter's own. */
    readonly full: number | undefined;
  };
  readonly audit: readonly LayerAudit[];
  readonly totals: AuditTotals;
}

const WIDTH = 794;
const MARGIN = 32;
const INNER = WIDTH - 2 * MARGIN;
const CHART = 110;
const ROW = 17;
/** Filters and layers that fit on a page. */
const MOST_TILES = 256;
const MOST_ROWS = 14;

const MARKS: Readonly<Record<InspectedState, FilterState>> = {
  active: 'strong',
  weak: 'weak',
  'near-zero': 'inactive',
  'not-finite': 'inactive',
};
const LEGEND = [
  ['strong', 'active'],
  ['weak', 'weak next to the others'],
  ['inactive', 'near zero'],
] as const;

/** One page on a model: its file, the verdict on a layer with every filter, and the audit of all layers by depth. */
export function inspectionReport(report: InspectionReport): Drawing {
  const { file, rule, verdict, decision, layer, audit, totals } = report;
  const shapes: Shape[] = [];
  const text = (x: number, y: number, words: string, more: Partial<Extract<Shape, { kind: 'text' }>> = {}) =>
    shapes.push({ kind: 'text', x, y, text: words, size: 12, fill: PAPER.ink, ...more });
  text(MARGIN, 44, verdict.headline, { size: 20, bold: true });
  text(MARGIN, 66, file, { fill: PAPER.ink2, bold: true });
  const words = textBelow([verdict.detail, ...decision].join(' '), MARGIN, 72, INNER);
  shapes.push(...words.shapes);
  let y = 72 + words.height;
  text(MARGIN, y + 8, `${layer.name}: inactive by the rule "${rule}"`, { bold: true });
  y += 24;
  y = wall(layer, y, shapes);
  LEGEND.forEach(([mark, label], place) => {
    const x = MARGIN + 4 + place * 196;
    shapes.push({ kind: 'path', d: rectangle(x, y, 14, 14), fill: PAPER.hairline }, ...frame(mark, x, y, 14));
    text(x + 24, y + 11, label, { fill: PAPER.ink2 });
  });
  y += 44;
  text(MARGIN, y, 'Near zero by depth, share of the filters of each convolution', { bold: true });
  y = chart(audit, y + 14, shapes);
  y = table(audit, totals, y + 30, shapes);
  const misleading = audit.filter((one) => one.misleading !== undefined);
  if (misleading.length > 0) {
    const [first] = misleading;
    const rest = misleading.length > 1 ? ` The rule is doubtful in ${misleading.length - 1} more of the layers.` : '';
    const note = textBelow(`${first?.name}: ${first?.misleading}${rest}`, MARGIN, y, INNER);
    shapes.push(...note.shapes);
    y += note.height;
  }
  const height = y + MARGIN;
  shapes.unshift({ kind: 'path', d: rectangle(0, 0, WIDTH, height), fill: PAPER.surface });
  return { width: WIDTH, height, title: `${file}: ${verdict.headline}`, shapes };
}

/** Every filter as a tile; where the wall ends. */
function wall({ states, kernel, size, full }: InspectionReport['layer'], top: number, shapes: Shape[]): number {
  const shown = Math.min(MOST_TILES, states.length);
  const { columns } = wallLayout(shown, size, INNER, 200);
  const side = Math.min(42, Math.floor((INNER - (columns - 1) * 9) / columns));
  for (let filter = 0; filter < shown; filter++) {
    const state = states[filter] ?? 'active';
    const place = {
      x: MARGIN + (filter % columns) * (side + 9),
      y: top + Math.floor(filter / columns) * (side + 9),
      side,
    };
    const slice = { kernel, filters: states.length, filter };
    const look = { full: full ?? largestWeight(slice), contrast: 1, faint: MARKS[state] === 'inactive' };
    shapes.push(...kernelSquares(slice, size, place, look), ...frame(MARKS[state], place.x, place.y, side));
  }
  const bottom = top + Math.ceil(shown / columns) * (side + 9);
  if (shown === states.length) return bottom + 8;
  const more = `${states.length - shown} more filters`;
  shapes.push({ kind: 'text', x: MARGIN, y: bottom + 8, text: more, size: 12, fill: PAPER.ink2 });
  return bottom + 24;
}

/** One bar a convolution, those of depthwise ones only outlined; where the chart ends. */
function chart(audit: readonly LayerAudit[], top: number, shapes: Shape[]): number {
  const step = (INNER - 40) / Math.max(1, audit.length);
  const base = top + CHART;
  for (const share of [0, 0.5, 1]) {
    const y = base - share * CHART;
    shapes.push({ kind: 'path', d: `M${MARGIN} ${y}h${INNER - 40}`, stroke: PAPER.hairline, width: 1 });
    const label = formatPercent(share);
    shapes.push({ kind: 'text', x: WIDTH - MARGIN, y: y + 4, text: label, size: 11, fill: PAPER.ink2, align: 'end' });
  }
  for (const [index, { dead, shape, depthwise }] of audit.entries()) {
    const height = (dead / shape[3]) * CHART;
    if (height === 0) continue;
    const gap = step > 3 ? 1 : 0;
    const d = rectangle(MARGIN + index * step + gap / 2, base - height, step - gap, height);
    shapes.push(
      depthwise
        ? { kind: 'path', d, fill: PAPER.sunken, stroke: PAPER.mark, width: 1 }
        : { kind: 'path', d, fill: PAPER.ink },
    );
  }
  const foot = { kind: 'text', y: base + 16, size: 11, fill: PAPER.ink2 } as const;
  shapes.push(
    { ...foot, x: MARGIN, text: 'entrance' },
    {
      ...foot,
      x: MARGIN + (INNER - 40) / 2,
      text: `${audit.length} convolutions; outlined: depthwise`,
      align: 'middle',
    },
    { ...foot, x: WIDTH - MARGIN - 40, text: 'embedding', align: 'end' },
  );
  return base + 16;
}

/** The layers with the most dead filters, and the sum of all; where the table ends. */
function table(audit: readonly LayerAudit[], totals: AuditTotals, top: number, shapes: Shape[]): number {
  const columns = [MARGIN, 300, 370, 440, 510, 630, WIDTH - MARGIN] as const;
  const row = (cells: readonly string[], y: number, bold: boolean) => {
    for (const [column, text] of cells.entries()) {
      const align = column === 0 ? 'start' : 'end';
      shapes.push({ kind: 'text', x: columns[column] ?? 0, y, text, size: 11.5, bold, fill: PAPER.ink, align });
    }
    shapes.push({ kind: 'path', d: `M${MARGIN} ${y + 5}h${INNER}`, stroke: PAPER.hairline, width: 1 });
  };
  const most = audit
    .map((layer, index) => ({ layer, index }))
    .filter(({ layer }) => layer.dead + layer.duplicate + layer.notFinite > 0)
    .toSorted((a, b) => b.layer.dead / b.layer.shape[3] - a.layer.dead / a.layer.shape[3])
    .slice(0, MOST_ROWS)
    .toSorted((a, b) => a.index - b.index);
  row(
    ['Layers with the largest shares', 'Near zero', 'Zero', 'Unused', 'Duplicate', 'Dead weights', 'Multiply-adds'],
    top,
    true,
  );
  let y = top;
  for (const { layer, index } of most) {
    y += ROW;
    const { name, dead, shape, exactlyZero, unused, duplicate, deadParameters, deadMultiplyAdds } = layer;
    const counts = [String(exactlyZero), unused === undefined ? '?' : String(unused), String(duplicate)];
    const costs = [formatNumber(deadParameters), deadMultiplyAdds === undefined ? '?' : formatNumber(deadMultiplyAdds)];
    row([`${index + 1}. ${name.slice(0, 34)}`, `${dead} of ${shape[3]}`, ...counts, ...costs], y, false);
  }
  y += ROW;
  const { dead, channels, exactlyZero, duplicate, deadParameters, deadMultiplyAdds } = totals;
  const last = [formatNumber(deadParameters), deadMultiplyAdds === undefined ? '?' : formatNumber(deadMultiplyAdds)];
  row(['All convolutions', `${dead} of ${channels}`, String(exactlyZero), '', String(duplicate), ...last], y, true);
  return y + 6;
}
