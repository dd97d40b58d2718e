import type { Ceiling, Row } from './results.ts';

const figure = (value: number | null, digits = 3) =>
  value === null || !Number.isFinite(value)
    ? '-'
    : value >= 100
      ? value.toFixed(0)
      : value.toPrecision(digits).replace(/\.?0+$/, '');

/** A table in Markdown, columns lined up. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/**
 * The reference of a peer: ours on the same backend in the same runtime, else our fastest on as many threads, else our
 * fastest of all.
 */
export function oursFor(row: Row, rows: readonly Row[]): Row | undefined {
  const ours = rows
    .filter((one) => one.engine === 'ours' && one.network === row.network && one.medianMs !== null)
    .toSorted((a, b) => (a.medianMs ?? 0) - (b.medianMs ?? 0));
  const like = ours.filter(({ threads }) => threads === row.threads);
  const here = ({ backend, runtime }: Row) => backend === row.backend && runtime === row.runtime;
  return like.find(here) ?? ours.find((one) => here(one) && (one.threads ?? 1) === 1) ?? like[0] ?? ours[0];
}

/** A peer's median over ours; undefined for our own rows and where nothing can be compared. */
export function ratioToOurs(row: Row, rows: readonly Row[]): number | undefined {
  const ours = oursFor(row, rows);
  if (row.engine === 'ours' || row.medianMs === null || ours?.medianMs == null) return undefined;
  return row.medianMs / ours.medianMs;
}

export function benchTable(rows: readonly Row[]): string {
  return markdownTable(
    [
      'network',
      'engine',
      'backend',
      'runtime',
      'threads',
      'step ms',
      'least - most',
      'first ms',
      'n',
      'peer / ours',
      'GFLOP/s',
      'of ceiling',
      'losses',
    ],
    rows.map((row) => [
      row.network,
      row.engine,
      row.kernels === undefined ? row.backend : `${row.backend}, ${row.kernels}`,
      row.runtime,
      String(row.threads ?? '-'),
      figure(row.medianMs),
      `${figure(row.minMs)} - ${figure(row.maxMs)}`,
      figure(row.firstMs),
      String(row.samples),
      figure(ratioToOurs(row, rows) ?? null),
      figure(row.gflops),
      row.ceilingShare === null ? '-' : `${(100 * row.ceilingShare).toFixed(1)} %`,
      row.lossesAgree ? 'agree' : 'DIFFER',
    ]),
  );
}

export function ceilingTable(ceilings: readonly Ceiling[]): string {
  return markdownTable(
    ['network', 'runtime', 'backend', 'adapter', 'GFLOP/s median (best)', 'copy GB/s median (best)', 'measured as'],
    ceilings.map(({ network, runtime, backend, adapter, gflops, gflopsBest, copyGBs, copyGBsBest, how }) => [
      network,
      runtime,
      backend,
      adapter,
      `${figure(gflops)} (${figure(gflopsBest)})`,
      `${figure(copyGBs)} (${figure(copyGBsBest)})`,
      how,
    ]),
  );
}
