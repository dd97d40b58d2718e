import { formatNumber } from '../../config/quantity.ts';
import { BENCHMARKS } from './benchmarks.ts';
import type { Column } from './columns.ts';
import type { PointsDifference } from './table-rows.ts';

/** What the table comes to. */
export interface Verdict {
  readonly headline: string;
  readonly detail: string;
}

/**
 * The verdict by rule: whoever has more clear differences is named, else whoever is ahead more often; without a clear
 * difference nobody is. `differences` are second - first, one of each filled row; `rows` counts all rows asked for.
 */
export function verdictOf(
  columns: readonly Column[],
  differences: readonly PointsDifference[],
  rows: { readonly filled: number; readonly asked: number },
): Verdict {
  const [first, second] = columns;
  const soFar = rows.filled < rows.asked ? ' so far' : '';
  if (first === undefined || rows.filled === 0) return { headline: 'Verification', detail: '' };
  if (second === undefined) {
    return { headline: `${first.name} on ${benchmarks(rows.filled)}${soFar}`, detail: provenance(columns) };
  }
  return {
    headline: `${headlineOf(differences, first.name, second.name)}${soFar}`,
    detail: `${provenance(columns)} Clear means that the 95 % interval leaves zero out and McNemar’s test is below 0.05.`,
  };
}

function headlineOf(differences: readonly PointsDifference[], first: string, second: string): string {
  const count = (test: (difference: PointsDifference) => boolean) => differences.filter(test).length;
  const ahead = [count(({ value }) => value < 0), count(({ value }) => value > 0)] as const;
  const clear = [
    count(({ claimed, value }) => claimed && value < 0),
    count(({ claimed, value }) => claimed && value > 0),
  ] as const;
  const all = differences.length;
  if (clear[0] + clear[1] === 0) {
    if (all === 1) return 'No clear difference on this benchmark';
    return `No clear difference on any ${all < BENCHMARKS.length ? `of ${all} benchmarks` : 'benchmark'}`;
  }
  const leads = clear[1] > clear[0] || (clear[1] === clear[0] && ahead[1] >= ahead[0]) ? 1 : 0;
  const [leader, other] = leads === 1 ? [second, first] : [first, second];
  const on = ahead[leads] === all ? (all === 1 ? 'the one' : `all ${all}`) : `${ahead[leads]} of ${all}`;
  const noun = all === 1 ? 'benchmark' : 'benchmarks';
  const against = clear[1 - leads] ?? 0;
  const opposed = against === 0 ? '' : `, and ${other} is clearly ahead on ${against}`;
  return `${leader} is ahead on ${on} ${noun}; the difference is clear on ${clear[leads]}${opposed}`;
}

function benchmarks(count: number): string {
  return count === 1 ? '1 benchmark' : `${count} benchmarks`;
}

/** "Your run, step 2 400, one seed." */
function provenance(columns: readonly Column[]): string {
  const details = [...new Set(columns.map(({ network }) => network.detail))];
  const steps = [...new Set(columns.map(({ network }) => network.step))];
  const [step] = steps;
  const at = steps.length === 1 && step !== undefined ? `, step ${formatNumber(step)}` : '';
  const seeds = new Set(columns.map(({ network }) => network.seed));
  const ofRuns = columns.every(({ network }) => network.arm !== undefined);
  const seed = ofRuns && seeds.size === 1 ? ', one seed' : '';
  return `${details.join(' and ')}${at}${seed}.`;
}
