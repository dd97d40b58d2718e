import { formatFixed, formatNumber } from '../config/quantity.ts';
import { conditionLabel, outcomeLabel } from './labels.ts';
import { latexTable } from './latex.ts';
import { seedsText } from './seeds.ts';
import type { StudySummary } from './summary.ts';
import { benchmarkLabel, chanceText, pointsText } from './verdict.ts';

/** report.md: verdicts, the plan, tables with every comparison, and a LaTeX table. */
export function studyReport(summary: StudySummary): string {
  const latex = ['## LaTeX', ['```latex', latexTable(summary), '```'].join('\n')];
  return `${[`# ${summary.study}`, ...sections(summary, '##'), ...latex].join('\n\n')}\n`;
}

/** The same without LaTeX as a part of a page, under a heading of the third level. */
export function studySection(summary: StudySummary): string {
  return [`### ${summary.study}`, ...sections(summary, '####')].join('\n\n');
}

function sections(summary: StudySummary, level: string): readonly string[] {
  const { points } = summary;
  return [
    ...verdictLines(summary),
    `${level} Plan`,
    planLines(summary),
    `${level} Values`,
    'Mean over the seeds and 95 % t-interval, in per cent; that of a share may end below 0 or above 100. n is the number of seeds.',
    ...points.map((axes) => valuesTable(summary, axes)),
    `${level} Differences to Standard, paired by seed`,
    `In points of per cent. The p is of the sign-flip test, exact up to 20 seeds; "Holm" corrects it over all comparisons but the primary one, and "smallest p" is the smallest that so many seeds can have. "Shows" is the smallest difference that so many seeds show with 80 % power, before Holm${knowsHolm(summary) ? ', and "by Holm" after it, where any p can pass' : ''}. "Seeds × people" resamples both.`,
    ...points.map((axes) => comparisonsTable(summary, axes)),
    ...nullCheckLines(summary, level),
    ...noveltyLines(summary, level),
  ];
}

/** Each verdict with the A/A check of its rule. */
function verdictLines({ verdicts, interim }: StudySummary): readonly string[] {
  return verdicts.map(({ axes, headline, detail, check }) => {
    const where = axes === '' ? '' : `\`${axes}\`: `;
    return `${where}${interim ? '**Interim.** ' : ''}**${headline}** ${detail} A/A check: ${check}`;
  });
}

function planLines(summary: StudySummary): string {
  const { seeds, complete, planned, added, decides, conditions, faces, primary, evaluations, points } = summary;
  const { recipe, runs, steps, engines, version, mixed, failures, unplanned, apart } = summary;
  const conditionText = conditions.map(
    ({ name, difference }) => `${name}${difference === '' ? '' : ` (${difference})`}`,
  );
  const testText = ({ name, pairs }: StudySummary['evaluations'][number]) =>
    `${benchmarkLabel(name)}${pairs === undefined ? '' : ` (${formatNumber(pairs)})`}`;
  const [first, ...others] = evaluations;
  return [
    `- Seeds ${seeds}, ${complete} of ${planned} complete${added === 0 ? '' : `, ${added} of them added after the plan`}${decides.length === 0 ? '' : `; each decides ${decides.join(', ')}`}`,
    `- Standard, and: ${conditionText.join('; ')}`,
    ...(recipe === '' ? [] : [`- Recipe: ${recipe}`]),
    ...(faces === undefined
      ? []
      : [
          `- Faces: ${faces.name}, ${formatNumber(faces.images)} images of ${formatNumber(faces.identities)} people, SHA-256 ${faces.digest.slice(0, 16)}…`,
        ]),
    `- Primary outcome: the test on ${first === undefined ? benchmarkLabel(primary) : testText(first)}, of ${conditions[0]?.name ?? ''}${points.length < 2 ? '' : ' at the first point of the axes'}; beside it: ${others.map(testText).join(', ') || 'none'}`,
    `- ${formatNumber(runs)} runs${steps === undefined ? '' : ` of ${formatNumber(steps)} steps`}; engines: ${engines.join(', ') || 'none yet'}${version === '' ? '' : `; version ${version}`}`,
    ...(mixed.length === 0
      ? []
      : [`- Left out: seeds ${seedsText(mixed)}, since PyTorch and the playground trained a part each`]),
    ...unplanned.slice(0, 1).map(({ seed, condition, axes }) => {
      const count = `${formatNumber(unplanned.length)} finished ${unplanned.length === 1 ? 'run' : 'runs'}`;
      return `- Left out: ${count} of the results that the plan does not have, the first of ${condition}${axes === '' ? '' : ` at ${axes}`} with seed ${seed}`;
    }),
    ...apart.map(
      (one) =>
        `- Left out${one.axes === '' ? '' : ` at ${one.axes}`}: ${formatNumber(one.runs)} ${one.runs === 1 ? 'run' : 'runs'} in ${outcomeLabel(one)}, tested on another number of pairs than the ${formatNumber(one.pairs)} of the others`,
    ),
    ...failures.map(
      ({ seed, condition, axes, reason }) =>
        `- Failed: seed ${seed}, ${condition} ${axes}: ${reason.replace(/\s+/g, ' ')}`,
    ),
  ].join('\n');
}

function valuesTable({ values }: StudySummary, axes: string): string {
  const lines = values
    .filter((one) => one.axes === axes)
    .map((value) => [outcomeLabel(value), conditionLabel(value.condition), String(value.seeds), valueText(value)]);
  return table(axes, ['outcome', 'condition', 'n', 'mean [95 %]'], lines);
}

function valueText({ measure, mean, interval }: StudySummary['values'][number]): string {
  const factor = measure === 'reactivations' ? 1 : 100;
  const text = (value: number) => formatFixed(factor * value, factor === 1 ? 1 : 2);
  // Equal values have no spread, and so no interval.
  if (interval === undefined) return text(mean);
  return interval[0] === interval[1]
    ? `${text(mean)} in every seed`
    : `${text(mean)} [${interval.map(text).join(', ')}]`;
}

/** Summaries of earlier versions have no power after Holm's correction. */
function knowsHolm({ comparisons }: StudySummary): boolean {
  return comparisons.some(({ detectableByHolm }) => detectableByHolm !== undefined);
}

function comparisonsTable(summary: StudySummary, axes: string): string {
  const { comparisons } = summary;
  const shows = (reach: number | undefined) => (reach === undefined ? '–' : formatFixed(100 * reach, 2));
  const lines = comparisons
    .filter((one) => one.axes === axes)
    .map((one) => [
      `${outcomeLabel(one)}${one.primary ? ' (primary)' : ''}`,
      one.condition,
      String(one.seeds),
      // Equal differences have no spread, and so no interval.
      `${pointsText(one.mean)} ${one.deviation === 0 ? 'in every seed' : bracket(one.interval)}`,
      bracketOr(one.bca),
      bracketOr(one.twoWay),
      `${chanceText(one.p)}${one.method === 'sampled' ? ' (sampled)' : ''}`,
      one.holm === undefined ? '–' : chanceText(one.holm),
      chanceText(one.smallestP),
      shows(one.detectable),
      ...(knowsHolm(summary) ? [shows(one.detectableByHolm)] : []),
      one.claimed ? 'yes' : 'no',
    ]);
  const head = ['outcome', 'condition', 'n', 'difference [95 %]', 'BCa', 'seeds × people', 'p', 'Holm', 'smallest p'];
  return table(axes, [...head, 'shows', ...(knowsHolm(summary) ? ['by Holm'] : []), 'claimed'], lines);
}

function nullCheckLines({ nullChecks }: StudySummary, level: string): readonly string[] {
  const lines = nullChecks.map(({ axes, claims, pairings, differences, ...outcome }) => {
    const share = formatFixed((100 * claims) / pairings, 1);
    return `- ${axes === '' ? '' : `\`${axes}\`, `}${outcomeLabel(outcome)}: ${share} % of ${pairings} pairings of ${differences} differences`;
  });
  return [
    `${level} A/A check`,
    lines.length === 0
      ? 'Seeds of Standard are paired with each other from twelve seeds on.'
      : `How often the same rule, without Holm, claims a difference between seeds of Standard that are paired at random. At most about 5 % is expected of any values: the check shows the level of the rule, and nothing about a difference above.\n\n${lines.join('\n')}`,
  ];
}

function noveltyLines({ novelty }: StudySummary, level: string): readonly string[] {
  const lines = novelty.map(({ axes, condition, filters, seeds, mean, control, difference, interval }) => [
    axes,
    condition,
    filters === 'active' ? 'all active' : 're-activated and active',
    String(seeds),
    formatFixed(mean, 3),
    formatFixed(control, 3),
    difference === undefined || interval === undefined
      ? '–'
      : `${formatFixed(difference, 3)} [${interval.map((end) => formatFixed(end, 3)).join(', ')}]`,
  ]);
  if (lines.length === 0) return [];
  return [
    `${level} New patterns`,
    'Novelty is 1 − the highest |cosine| of a filter with any active filter of Standard with another seed: the median over the filters, averaged over the other seeds. The control is the same of Standard against Standard with other seeds. The seeds share their Standard networks, so that the intervals are too narrow.',
    table('', ['axes', 'condition', 'filters', 'n', 'novelty', 'control', 'difference [95 %]'], lines),
  ];
}

function bracket(interval: readonly number[]): string {
  return `[${interval.map(pointsText).join(', ')}]`;
}

function bracketOr(interval: readonly number[] | undefined): string {
  return interval === undefined ? '–' : bracket(interval);
}

/** A table of Markdown; names from outside cannot end a cell. */
function table(caption: string, head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  const rows = [row(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(row)];
  return [...(caption === '' ? [] : [`\`${caption}\``, '']), ...rows].join('\n');
}
