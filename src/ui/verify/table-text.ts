import { csvLine } from '../../formats/csv-line.ts';
import type { Column } from './columns.ts';
import { chanceText, differenceText, type TableRow } from './table-rows.ts';

/*
 * The table as text to take away. Names of files are text from outside, so that everything a format reads as its own is
 * escaped. Rows that are not filled in are left out.
 */

/** GitHub's tables. */
export function markdownOf(rows: readonly TableRow[], columns: readonly Column[]): string {
  const compared = columns.length === 2;
  const head = ['Benchmark', 'Pairs from', ...columns.map(({ name }) => name)];
  if (compared) head.push('Difference in points [95 %]', 'p (Holm)');
  const lines = filled(rows).map((row) => [
    `${row.label}${measure(row)}`,
    row.source,
    ...row.values.map(({ mean, deviation }) => (deviation === undefined ? mean : `${mean} ± ${deviation}`)),
    ...differenceCells(row, compared, differenceText, chanceText),
  ]);
  const plain = (text: string) => text.replace(/[\\|*_`<[\]]/g, '\\$&').replace(/\s+/g, ' ');
  const rule = head.map((_, place) => (place < 2 ? ':---' : '---:'));
  return [
    line(head.map(plain)),
    line(rule),
    ...lines.map((cells) => line(cells.map(plain))),
    '',
    noteOf(rows),
    '',
  ].join('\n');
}

/** A tabular with booktabs' rules. */
export function latexOf(rows: readonly TableRow[], columns: readonly Column[]): string {
  const compared = columns.length === 2;
  const head = ['Benchmark', 'Pairs from', ...columns.map(({ name }) => latexText(name))];
  if (compared) head.push('Difference [95\\,\\%]', '$p$ (Holm)');
  const body = filled(rows).map((row) => [
    latexText(`${row.label}${measure(row)}`),
    latexText(row.source),
    ...row.values.map(({ mean, deviation }) => (deviation === undefined ? `$${mean}$` : `$${mean} \\pm ${deviation}$`)),
    ...differenceCells(
      row,
      compared,
      (difference) => `$${differenceText(difference).replaceAll('−', '-')}$`,
      (chance) => `$${chanceText(chance)}$`,
    ),
  ]);
  return [
    '% \\usepackage{booktabs}',
    `% ${noteOf(rows)}`,
    `\\begin{tabular}{ll${'r'.repeat(head.length - 2)}}`,
    '\\toprule',
    `${head.join(' & ')} \\\\`,
    '\\midrule',
    ...body.map((cells) => `${cells.join(' & ')} \\\\`),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** One line a benchmark and network, full precision, for a spreadsheet. */
export function csvOf(rows: readonly TableRow[], columns: readonly Column[]): string {
  const fars = rows.find(({ result }) => result !== undefined)?.result?.arms[0]?.tars.map(({ far }) => far) ?? [];
  const head = [
    'benchmark',
    'source',
    'file',
    'protocol',
    'pairs',
    'same_pairs',
    'network',
    'measure',
    'value',
    'deviation',
    'auc',
    'eer',
    ...fars.map((far) => `tar_at_far_${far}`),
    'difference',
    'interval_low',
    'interval_high',
    'mcnemar_p',
    'p',
    'p_holm',
    'claimed',
  ];
  const body = filled(rows).flatMap(({ label, result, source, difference }) =>
    columns.map((column, place) => {
      const arm = result?.arms[place];
      const significance = place === 1 ? result?.comparison : undefined;
      return csvLine([
        label,
        result?.source.kind ?? '',
        result?.source.kind === 'file' ? result.source.name : source.split(' · ')[0],
        result?.protocol,
        result?.pairs,
        result?.samePairs,
        column.name,
        result?.far === undefined ? 'accuracy' : `tar_at_far_${result.far}`,
        arm?.headline,
        arm?.deviation,
        arm?.auc,
        arm?.eer,
        // A rate too small for this many pairs is not a number.
        ...fars.map((far) => arm?.tars.find((entry) => entry.far === far && entry.resolvable)?.tar),
        significance?.difference,
        significance?.interval[0],
        significance?.interval[1],
        significance?.mcNemar,
        significance?.chance,
        place === 1 ? difference?.chance : undefined,
        place === 1 ? difference?.claimed : undefined,
      ]);
    }),
  );
  return [csvLine(head), ...body, ''].join('\n');
}

/** Everything that was measured, but for pictures. */
export function jsonOf(rows: readonly TableRow[], columns: readonly Column[]): string {
  const benchmarks = filled(rows).map(({ label, result, difference }) => {
    if (result === undefined) return { benchmark: label };
    const { pictures, hardest, arms, comparison, ...rest } = result;
    const pairs = hardest.map(({ left, right, ...pair }) => pair);
    const named = arms.map((arm, place) => ({ network: columns[place]?.name, ...arm }));
    const compared = comparison && {
      comparison: { ...comparison, pHolm: difference?.chance, claimed: difference?.claimed },
    };
    return { benchmark: label, ...rest, arms: named, ...compared, hardest: pairs };
  });
  const networks = columns.map(({ name, coding, network: { id, ...about } }) => ({ ...about, name, coding }));
  return `${JSON.stringify({ format: 'craft-playground-verification', networks, benchmarks }, undefined, 2)}\n`;
}

function filled(rows: readonly TableRow[]): readonly TableRow[] {
  return rows.filter(({ result }) => result !== undefined);
}

function measure({ result }: TableRow): string {
  return result?.far === undefined ? '' : ` (TAR at FAR ${result.far})`;
}

function differenceCells(
  { difference }: TableRow,
  compared: boolean,
  text: (difference: NonNullable<TableRow['difference']>) => string,
  asChance: (chance: number) => string,
): readonly string[] {
  if (!compared) return [];
  return difference === undefined ? ['', ''] : [text(difference), asChance(difference.chance)];
}

function noteOf(rows: readonly TableRow[]): string {
  const synthetic = filled(rows).some(({ fromFile }) => !fromFile);
  const note =
    'Per cent, mean and standard deviation over 10 folds; differences in points with 95 % intervals, p by Holm’s correction over all rows.';
  return synthetic
    ? `${note} Drawn benchmarks show people who do not exist; their level says nothing about the benchmarks they are named after.`
    : note;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '·': '$\\cdot$',
  '−': '$-$',
  '±': '$\\pm$',
  '×': '$\\times$',
};

/** Plain text with everything escaped that LaTeX reads as its own. */
function latexText(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\~^·−±×]|[&%$#_{}]/g, (letter) => LATEX[letter] ?? `\\${letter}`);
}
