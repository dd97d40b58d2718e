import { formatFixed } from '../config/quantity.ts';
import { isCompared } from './analysis.ts';
import { conditionLabel, outcomeLabel } from './labels.ts';
import type { Outcome } from './results.ts';
import type { StudySummary } from './summary.ts';
import { pointsText } from './verdict.ts';

/** A booktabs table: values of each condition, and differences to Standard with their 95 % intervals. */
export function latexTable(summary: StudySummary): string {
  const { study, points, conditions, values, comparisons, complete, planned, interim } = summary;
  const compared = values.filter(isCompared);
  const outcomes = compared.filter((value, at) => compared.findIndex((one) => sameOutcome(one, value)) === at);
  const names = ['standard', ...conditions.map(({ name }) => name)];
  const lines = points.flatMap((axes) =>
    names.map((condition) => {
      const isHere = (outcome: Outcome) => (one: Outcome & { readonly axes: string; readonly condition: string }) =>
        one.axes === axes && one.condition === condition && sameOutcome(one, outcome);
      const cells = outcomes.map((outcome) =>
        latexCell(values.find(isHere(outcome)), comparisons.find(isHere(outcome))),
      );
      return `${[latex(`${conditionLabel(condition)}${axes === '' ? '' : `, ${axes}`}`), ...cells].join(' & ')} \\\\`;
    }),
  );
  return [
    `% ${latex(study)}: ${interim ? `interim, ${complete} of ${planned}` : complete} seeds; values in per cent with their number of seeds; differences to Standard paired by seed, 95 % t-interval.`,
    `\\begin{tabular}{l${'r'.repeat(outcomes.length)}}`,
    '\\toprule',
    `${[interim ? `Condition (interim, ${complete} of ${planned} seeds)` : 'Condition', ...outcomes.map((outcome) => latex(outcomeLabel(outcome)))].join(' & ')} \\\\`,
    '\\midrule',
    ...lines,
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}

function latexCell(
  value: StudySummary['values'][number] | undefined,
  comparison: StudySummary['comparisons'][number] | undefined,
): string {
  if (value === undefined) return '--';
  const mean = formatFixed(100 * value.mean, 1).replace('−', '-');
  const own = `$${mean}$, $n{=}${value.seeds}$`;
  if (comparison === undefined) return own;
  const interval = `[${comparison.interval.map(pointsText).join(', ')}]`;
  const difference = `${pointsText(comparison.mean)}${comparison.deviation === 0 ? '' : `\\ ${interval}`}`;
  // The difference is of the seeds that both have.
  const paired = comparison.seeds === value.seeds ? '' : `, $n{=}${comparison.seeds}$`;
  return `${own} ($${difference.replaceAll('−', '-')}$${paired})`;
}

function sameOutcome(one: Outcome, other: Outcome): boolean {
  return one.measure === other.measure && one.benchmark === other.benchmark;
}

/** Names of conditions and files come from outside. */
function latex(text: string): string {
  return text
    .replace(/[\\{}]/g, ' ')
    .replace(/[&%$#_]/g, (letter) => `\\${letter}`)
    .replace(/[~^]|\s+/g, ' ');
}
