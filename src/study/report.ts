import { armConfig, STANDARD } from '../config/arm.ts';
import { describeDifference } from '../config/difference.ts';
import { formatFixed, formatNumber } from '../config/quantity.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { type Comparison, type ConditionValues, isTest, type StudyAnalysis } from './analysis.ts';
import { axesPoints, axesText } from './axes.ts';
import { cellsOf, conditionsOf } from './cells.ts';
import type { StudyPlan } from './plan.ts';
import { mixedRuns, type Outcome, type ResultRow } from './results.ts';
import { seedsText } from './seeds.ts';
import { type PairedStatistics, pairedStatistics } from './statistics/paired.ts';
import { detectable } from './statistics/power.ts';
import { benchmarkLabel, chanceText, pointsText, verdictOn } from './verdict.ts';

/** Statistics that need more of the runs than results.csv holds. */
export interface ReportExtras {
  /** 95 % interval over seeds and people together, of an accuracy's comparison. */
  readonly twoWay: (comparison: Comparison) => Interval | undefined;
  readonly novelty: readonly NoveltyRow[];
}

/** How new a condition's filters are against Standard of other seeds, beside the control. */
export interface NoveltyRow {
  readonly axes: string;
  readonly condition: string;
  readonly filters: 'active' | 'reactivated';
  /** By seed: the condition against Standard of other seeds, and Standard against Standard. */
  readonly pairs: readonly { readonly seed: number; readonly value: number; readonly control: number }[];
}

/** The name of an outcome in tables. */
export function outcomeLabel({ measure, benchmark }: Outcome): string {
  switch (measure) {
    case 'accuracy':
      return `accuracy, ${benchmarkLabel(benchmark)}`;
    case 'tar':
      return `true-accept rate, ${benchmark}`;
    default:
      return measure.replaceAll('_', ' ');
  }
}

/** The name of a condition in tables. */
export function conditionLabel(name: string): string {
  if (name === STANDARD.name) return 'Standard';
  return name === 'craft' ? 'CRAFT' : name;
}

/** The report of a study: verdicts, tables with every comparison, the plan, and a LaTeX table. */
export function studyReport(
  plan: StudyPlan,
  analysis: StudyAnalysis,
  rows: readonly ResultRow[],
  extras: ReportExtras,
): string {
  const points = axesPoints(plan.axes).map(axesText);
  const parts = [
    `# ${plan.name}`,
    ...points.flatMap((axes) => verdictLines(plan, analysis, axes)),
    ...planLines(plan, analysis, rows),
    '## Values',
    'Mean over the seeds and 95 % t-interval, in per cent. n is the number of seeds.',
    ...points.map((axes) => valuesTable(analysis, axes)),
    '## Differences to Standard, paired by seed',
    'In points of per cent. The p is of the exact sign-flip test; "Holm" corrects it over all tests of faces but the primary one. Shares of filters are not corrected: they are claimed by their 95 % interval alone. "Shows" is the smallest difference that so many seeds show with 80 % power. "Seeds × people" resamples both.',
    ...points.map((axes) => comparisonsTable(analysis, extras, axes)),
    ...nullCheckLines(analysis),
    ...noveltyLines(extras),
    '## LaTeX',
    ['```latex', latexTable(plan, analysis), '```'].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function verdictLines(plan: StudyPlan, analysis: StudyAnalysis, axes: string): readonly string[] {
  return plan.conditions.map(({ name: condition }) => {
    const { headline, detail, interim } = verdictOn(analysis, { axes, condition, benchmark: plan.primary });
    return `${axes === '' ? '' : `\`${axes}\`: `}${interim ? '**Interim.** ' : ''}**${headline}** ${detail}`;
  });
}

function planLines(plan: StudyPlan, analysis: StudyAnalysis, rows: readonly ResultRow[]): readonly string[] {
  const { config, conditions, seeds, faces, evaluations, primary } = plan;
  const engines = new Set(rows.map(({ engine, adapter }) => `${engine} (${adapter})`));
  const mixed = new Set(mixedRuns(rows.filter(({ state }) => state === 'done')).map(({ seed }) => seed));
  const failed = rows.filter(({ state }) => state === 'failed');
  const conditionText = conditions.map((condition) => {
    const difference = describeDifference(armConfig(config, condition), { ...config, craft: true }, 10);
    return `${condition.name}${difference === '' ? '' : ` (${difference})`}`;
  });
  return [
    '## Plan',
    [
      `- Seeds ${seedsText(seeds)}, ${analysis.complete} of ${analysis.planned} complete; each decides ${plan.seedSettings.join(', ')}`,
      `- Standard, and: ${conditionText.join('; ')}`,
      ...(faces === undefined
        ? []
        : [
            `- Faces: ${faces.name}, ${formatNumber(faces.images)} images of ${formatNumber(faces.identities)} people, SHA-256 ${faces.digest.slice(0, 16)}…`,
          ]),
      `- Primary outcome: the test on ${benchmarkLabel(primary)}, of ${conditions[0]?.name ?? ''}${plan.axes.length === 0 ? '' : ' at the first point of the axes'}; beside it: ${evaluations.map(({ name }) => name).join(', ') || 'none'}`,
      `- ${cellsOf(plan).length} runs of ${formatNumber(config.steps)} steps; engines: ${[...engines].join(', ') || 'none yet'}; version ${plan.version}`,
      ...(mixed.size === 0
        ? []
        : [`- Left out: seeds ${seedsText([...mixed])}, since PyTorch and the playground trained a part each`]),
      ...failed.map(({ seed, condition, axes, reason }) => `- Failed: seed ${seed}, ${condition} ${axes}: ${reason}`),
    ].join('\n'),
  ];
}

function valuesTable({ values }: StudyAnalysis, axes: string): string {
  const here = values.filter((one) => one.axes === axes);
  const lines = here.map(({ condition, outcome, seeds, ...one }) => [
    outcomeLabel(outcome),
    conditionLabel(condition),
    String(seeds.length),
    valueText(outcome, one.mean, one.interval),
  ]);
  return table(axes, ['outcome', 'condition', 'n', 'mean [95 %]'], lines);
}

function valueText({ measure }: Outcome, mean: number, interval: Interval | undefined): string {
  const factor = measure === 'reactivations' ? 1 : 100;
  const [low, high] = interval ?? [Number.NaN, Number.NaN];
  const text = (value: number) => formatFixed(factor * value, factor === 1 ? 1 : 2);
  return interval === undefined ? text(mean) : `${text(mean)} [${text(low)}, ${text(high)}]`;
}

function comparisonsTable({ comparisons }: StudyAnalysis, extras: ReportExtras, axes: string): string {
  const lines = comparisons
    .filter((one) => one.axes === axes)
    .flatMap((comparison): (readonly string[])[] => {
      const { outcome, condition, statistics, primary, corrected, claimed } = comparison;
      if (statistics === undefined) return [];
      const { mean, interval, bca, p, method, smallestP, seeds, deviation } = statistics;
      return [
        [
          `${outcomeLabel(outcome)}${primary ? ' (primary)' : ''}`,
          condition,
          String(seeds),
          `${pointsText(mean)} ${bracket(interval)}`,
          bca === undefined ? '–' : bracket(bca),
          bracketOr(extras.twoWay(comparison)),
          `${chanceText(p)}${method === 'sampled' ? ' (sampled)' : ''}`,
          !isTest(outcome) || primary || corrected === undefined ? '–' : chanceText(corrected),
          chanceText(smallestP),
          formatFixed(100 * detectable(deviation, seeds), 2),
          claimed ? 'yes' : 'no',
        ],
      ];
    });
  return table(
    axes,
    [
      'outcome',
      'condition',
      'n',
      'difference [95 %]',
      'BCa',
      'seeds × people',
      'p',
      'Holm',
      'smallest p',
      'shows',
      'claimed',
    ],
    lines,
  );
}

function nullCheckLines({ nullChecks }: StudyAnalysis): readonly string[] {
  const lines = nullChecks.map(({ axes, outcome, check }) => {
    const share = formatFixed((100 * check.claims) / check.pairings, 1);
    return `- ${axes === '' ? '' : `\`${axes}\`, `}${outcomeLabel(outcome)}: ${share} % of ${check.pairings} pairings of ${check.differences} differences`;
  });
  return [
    '## A/A check',
    lines.length === 0
      ? 'Seeds of Standard are paired with each other from twelve seeds on.'
      : `How often the same rule, without Holm, claims a difference between seeds of Standard that are paired at random. At most about 5 % is expected of any values: the check shows the level of the rule, and nothing about a difference above.\n\n${lines.join('\n')}`,
  ];
}

function noveltyLines({ novelty }: ReportExtras): readonly string[] {
  const lines = novelty.flatMap(({ axes, condition, filters, pairs }): (readonly string[])[] => {
    const statistics: PairedStatistics | undefined = pairedStatistics(
      pairs.map(({ value, control }) => value - control),
    );
    if (statistics === undefined) return [];
    const text = (values: readonly number[]) =>
      formatFixed(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
    const [low, high] = statistics.interval;
    return [
      [
        axes,
        condition,
        filters === 'active' ? 'all active' : 're-activated and active',
        String(pairs.length),
        text(pairs.map(({ value }) => value)),
        text(pairs.map(({ control }) => control)),
        `${formatFixed(statistics.mean, 3)} [${formatFixed(low, 3)}, ${formatFixed(high, 3)}]`,
      ],
    ];
  });
  if (lines.length === 0) return [];
  return [
    '## New patterns',
    'Novelty is 1 − the highest |cosine| of a filter with any active filter of Standard with another seed: the median over the filters, averaged over the other seeds. The control is the same of Standard against Standard with other seeds.',
    table('', ['axes', 'condition', 'filters', 'n', 'novelty', 'control', 'difference [95 %]'], lines),
  ];
}

/** A booktabs table: values of each condition, and differences to Standard with their 95 % intervals. */
function latexTable(plan: StudyPlan, { values, comparisons, complete }: StudyAnalysis): string {
  const points = axesPoints(plan.axes).map(axesText);
  const outcomes = values.filter(
    ({ outcome }, at) => isCompared(outcome) && values.findIndex((one) => sameOutcome(one.outcome, outcome)) === at,
  );
  const lines = points.flatMap((axes) =>
    conditionsOf(plan).map(({ name }) => {
      const cells = outcomes.map(({ outcome }) =>
        latexCell(find(values, axes, name, outcome), find(comparisons, axes, name, outcome)),
      );
      return `${[latex(`${conditionLabel(name)}${axes === '' ? '' : `, ${axes}`}`), ...cells].join(' & ')} \\\\`;
    }),
  );
  return [
    `% ${plan.name}: ${complete} seeds; values in per cent; differences to Standard paired by seed, 95 % t-interval.`,
    `\\begin{tabular}{l${'r'.repeat(outcomes.length)}}`,
    '\\toprule',
    `${['Condition', ...outcomes.map(({ outcome }) => latex(outcomeLabel(outcome)))].join(' & ')} \\\\`,
    '\\midrule',
    ...lines,
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

function latexCell(value: ConditionValues | undefined, comparison: Comparison | undefined): string {
  if (value === undefined) return '--';
  const mean = formatFixed(100 * value.mean, 1).replace('−', '-');
  const statistics = comparison?.statistics;
  if (statistics === undefined) return `$${mean}$`;
  const difference = `${pointsText(statistics.mean)}\\ [${statistics.interval.map(pointsText).join(', ')}]`;
  return `$${mean}$ ($${difference.replaceAll('−', '-')}$)`;
}

function find<One extends { readonly axes: string; readonly condition: string; readonly outcome: Outcome }>(
  all: readonly One[],
  axes: string,
  condition: string,
  outcome: Outcome,
): One | undefined {
  return all.find((one) => one.axes === axes && one.condition === condition && sameOutcome(one.outcome, outcome));
}

function sameOutcome(one: Outcome, other: Outcome): boolean {
  return one.measure === other.measure && one.benchmark === other.benchmark;
}

function isCompared(outcome: Outcome): boolean {
  return isTest(outcome) || outcome.measure === 'inactive_share' || outcome.measure === 'unused_share';
}

/** Names of conditions and files come from outside. */
function latex(text: string): string {
  return text
    .replace(/[\\{}]/g, ' ')
    .replace(/[&%$#_]/g, (letter) => `\\${letter}`)
    .replace(/[~^]/g, ' ');
}

function bracket(interval: Interval): string {
  return `[${interval.map(pointsText).join(', ')}]`;
}

function bracketOr(interval: Interval | undefined): string {
  return interval === undefined ? '–' : bracket(interval);
}

/** A table of Markdown; names from outside cannot end a cell. */
function table(caption: string, head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  const rows = [row(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(row)];
  return [...(caption === '' ? [] : [`\`${caption}\``, '']), ...rows].join('\n');
}
