import { formatNumber } from '../../config/quantity.ts';
import { CLAIM_RULE } from '../../verification/significance.ts';
import type { Column } from './columns.ts';
import type { PointsDifference } from './table-rows.ts';

/** The conclusion of the table. */
export interface Verdict {
  readonly headline: string;
  readonly detail: string;
}

/**
 * The verdict by rule: clear differences are counted, and nothing else is. `differences` are second - first, one of each
 * filled row; `rows` counts all rows asked for.
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
    detail: `${provenance(columns)} ${CLAIM_RULE} It concerns these two networks; another seed gives two others.`,
  };
}

function headlineOf(differences: readonly PointsDifference[], first: string, second: string): string {
  const clear = differences.filter(({ claimed }) => claimed);
  const all = differences.length;
  if (clear.length === 0) return `No clear difference on ${all === 1 ? 'this benchmark' : `any of ${all} benchmarks`}`;
  const ahead = [
    [first, clear.filter(({ value }) => value < 0).length],
    [second, clear.filter(({ value }) => value > 0).length],
  ] as const;
  const leaders = ahead.filter(([, count]) => count > 0);
  const [leader] = leaders;
  const who =
    leaders.length === 1
      ? `${leader?.[0]} is ahead`
      : ahead.map(([name, count]) => `${name} is ahead on ${count}`).join(', ');
  if (all === 1) return `A clear difference on this benchmark: ${who}`;
  return `${clear.length === 1 ? 'A clear difference' : 'Clear differences'} on ${clear.length} of ${all} benchmarks: ${who}`;
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
