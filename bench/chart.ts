import type { GrowthRow, Row } from './results.ts';

const WIDTH = 860;
const INK = '#1f2933';
const MUTED = '#6b7785';
const RULE = '#dde2e7';
const OURS = '#0b7285';
const PEER = '#a6adb5';
const LINES = ['#0b7285', '#d9480f'];

/** Bars of the median on a logarithmic scale, with the least and the most as a whisker; fastest first. */
export function barChart(title: string, rows: readonly Row[]): string {
  const timed = rows
    .flatMap((row) =>
      row.medianMs === null || row.minMs === null || row.maxMs === null
        ? []
        : [{ ...row, medianMs: row.medianMs, minMs: row.minMs, maxMs: row.maxMs }],
    )
    .sort((a, b) => a.medianMs - b.medianMs);
  const [left, right, top, step] = [250, 90, 48, 26];
  const low = Math.floor(Math.log10(Math.min(...timed.map(({ minMs }) => minMs))));
  const high = Math.ceil(Math.log10(Math.max(...timed.map(({ maxMs }) => maxMs))));
  const x = (ms: number) => left + ((Math.log10(ms) - low) / (high - low)) * (WIDTH - left - right);
  const height = top + step * timed.length + 40;
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  const bars = timed.map(({ engine, backend, runtime, threads = 1, medianMs, minMs, maxMs }, index) => {
    const y = top + step * index;
    const middle = y + step / 2 - 2;
    return [
      text(
        left - 10,
        middle + 4,
        [engine, backend, runtime, ...(threads > 1 ? [`${threads} threads`] : [])].join(', '),
        { anchor: 'end', bold: engine === 'ours' },
      ),
      `<rect x="${left}" y="${y + 3}" width="${(x(medianMs) - left).toFixed(1)}" height="${step - 10}" rx="2" fill="${engine === 'ours' ? OURS : PEER}"/>`,
      `<path d="M${x(minMs).toFixed(1)} ${middle}H${x(maxMs).toFixed(1)}" stroke="${INK}" stroke-width="1.5"/>`,
      text(x(maxMs) + 6, middle + 4, `${medianMs < 100 ? medianMs.toFixed(1) : medianMs.toFixed(0)} ms`),
    ].join('');
  });
  const axis = ticks.map(
    (ms) =>
      `<path d="M${x(ms).toFixed(1)} ${top - 6}V${height - 34}" stroke="${RULE}"/>${text(x(ms), height - 16, `${ms} ms`, { anchor: 'middle', muted: true })}`,
  );
  return svg(height, title, [...axis, ...bars]);
}

/**
 * Five small charts: milliseconds of a step over the changed setting, least and median, with a straight line to
 * compare.
 */
export function growthChart(title: string, rows: readonly GrowthRow[]): string {
  const sweeps = [...new Set(rows.map(({ sweep }) => sweep))];
  const [panel, gap, top, tall] = [250, 40, 60, 190];
  const panels = sweeps.map((sweep, index) => {
    const points = rows.filter((row) => row.sweep === sweep);
    const [left, up] = [40 + (index % 3) * (panel + gap), top + Math.floor(index / 3) * (tall + 70)];
    const most = Math.max(...points.map(({ medianMs }) => medianMs));
    const numeric = points.every(({ value }) => Number.isFinite(Number(value)));
    const at = ({ value }: GrowthRow, i: number) => (numeric ? Number(value) : i + 1);
    const widest = Math.max(...points.map(at));
    const x = (value: number) => left + (value / widest) * panel;
    const y = (ms: number) => up + tall - (ms / most) * tall;
    const line = (pick: (row: GrowthRow) => number, colour: string | undefined) =>
      `<path fill="none" stroke="${colour}" stroke-width="2" d="${points.map((row, i) => `${i === 0 ? 'M' : 'L'}${x(at(row, i)).toFixed(1)} ${y(pick(row)).toFixed(1)}`).join('')}"/>`;
    return [
      text(left, up - 12, sweep, { bold: true }),
      text(left + panel, up - 12, `up to ${most.toFixed(0)} ms`, { anchor: 'end', muted: true }),
      `<path d="M${left} ${up}V${up + tall}H${left + panel}" fill="none" stroke="${MUTED}"/>`,
      line(({ medianMs }) => medianMs, LINES[0]),
      line(({ minMs }) => minMs, LINES[1]),
      ...points.map((row, i) =>
        text(x(at(row, i)), up + tall + 16, row.value.replace('iresnet', 'IR-'), {
          anchor: 'middle',
          muted: true,
          small: true,
        }),
      ),
    ].join('');
  });
  const height = top + Math.ceil(sweeps.length / 3) * (tall + 70);
  const legend = [
    text(560, 24, 'median', { fill: LINES[0] ?? INK, bold: true }),
    text(640, 24, 'least', { fill: LINES[1] ?? INK, bold: true }),
  ];
  return svg(height, title, [...legend, ...panels]);
}

interface TextStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  readonly muted?: boolean;
  readonly small?: boolean;
  readonly fill?: string;
}

function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const fill = style.fill ?? (style.muted ? MUTED : INK);
  return `<text x="${x.toFixed(1)}" y="${y}" fill="${fill}" font-size="${style.small ? 10 : 12}"${style.bold ? ' font-weight="600"' : ''} text-anchor="${style.anchor ?? 'start'}">${content}</text>`;
}

function svg(height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" role="img" aria-label="${title}">
<rect width="100%" height="100%" fill="#ffffff"/>
${text(16, 24, title, { bold: true })}
${parts.join('\n')}
</svg>
`;
}
