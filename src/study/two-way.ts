import { stream } from '../config/random.ts';
import { type Interval, twoWayInterval } from '../verification/bootstrap.ts';
import { rightPairs } from '../verification/significance.ts';
import type { Comparison } from './analysis.ts';
import type { CellScores } from './cell-scores.ts';
import { type Cell, cellsOf } from './cells.ts';
import type { StudyPlan } from './plan.ts';

/**
 * The interval of an accuracy's comparison over seeds and people together, from the scores of both networks of each seed;
 * undefined where some are missing, or the seeds do not share their pairs.
 */
export function twoWayOf(
  plan: StudyPlan,
  { axes, condition, outcome, pairs }: Comparison,
  scoresOf: (cell: Pick<Cell, 'id'>, benchmark: string) => CellScores | undefined,
): Interval | undefined {
  if (outcome.measure !== 'accuracy' || pairs.length < 2 || plan.seedSettings.length > 1) return undefined;
  const cells = cellsOf(plan).filter((cell) => cell.axes === axes && cell.condition.name === condition);
  const gains: Int8Array[] = [];
  let same: Uint8Array | undefined;
  let people: Parameters<typeof twoWayInterval>[1];
  for (const { seed } of pairs) {
    const cell = cells.find((one) => one.seed === seed);
    const own = cell && scoresOf(cell, outcome.benchmark);
    const standard = cell && scoresOf({ id: cell.standardId }, outcome.benchmark);
    // Runs of another machine come without their scores; other pairs cannot be resampled together.
    if (own === undefined || standard === undefined) return undefined;
    same ??= own.same;
    if (!samePairs(same, own.same) || !samePairs(same, standard.same)) return undefined;
    const right = rightPairs(own.distances, own.same);
    const before = rightPairs(standard.distances, standard.same);
    gains.push(Int8Array.from(right, (answer, pair) => answer - (before[pair] ?? 0)));
    people = own.identities;
  }
  return twoWayInterval(gains, people, stream(1, 'two-way')).interval;
}

/** Whether two lists of answers may be of the same pairs. */
function samePairs(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((answer, pair) => answer === other[pair]);
}
