import { stream } from '../config/random.ts';
import type { NpyArray } from '../formats/npy.ts';
import { readNpz, writeNpz } from '../formats/npz.ts';
import { type Interval, twoWayInterval } from '../verification/bootstrap.ts';
import { rightPairs } from '../verification/significance.ts';
import type { Comparison } from './analysis.ts';
import { type Cell, cellsOf } from './cells.ts';
import type { StudyPlan } from './plan.ts';

/** Pairs of one evaluation as a network scored them, in the order of the folds. */
export interface CellScores {
  /** [P] squared distances. */
  readonly distances: Float64Array<ArrayBuffer>;
  /** [P], 1 where both sides show one person. */
  readonly same: Uint8Array<ArrayBuffer>;
  /** [P] each, whom the two sides show, where that is known. */
  readonly identities?: { readonly left: Int32Array<ArrayBuffer>; readonly right: Int32Array<ArrayBuffer> } | undefined;
}

/** scores.npz of a cell: of each evaluation its distances, answers and people. */
export function scoresFile(scores: ReadonlyMap<string, CellScores>): Uint8Array<ArrayBuffer> {
  const arrays = [...scores].flatMap(([benchmark, { distances, same, identities }]): [string, NpyArray][] => {
    const name = arrayName(benchmark);
    const shape = [distances.length];
    return [
      [`${name}.distances`, { type: 'float64', shape, data: distances }],
      [`${name}.same`, { type: 'uint8', shape, data: same }],
      ...(identities === undefined
        ? []
        : ([
            [`${name}.left`, { type: 'int32', shape, data: identities.left }],
            [`${name}.right`, { type: 'int32', shape, data: identities.right }],
          ] satisfies [string, NpyArray][])),
    ];
  });
  return writeNpz(Object.fromEntries(arrays));
}

/** The scores of one evaluation in the file that `scoresFile` wrote; undefined where it has none. @throws FormatProblem */
export function readScoresFile(bytes: Uint8Array, benchmark: string): CellScores | undefined {
  const { arrays } = readNpz(bytes);
  const [distances, same, left, right] = ['distances', 'same', 'left', 'right'].map((part) =>
    arrays.get(`${arrayName(benchmark)}.${part}`),
  );
  if (distances?.type !== 'float64' || same?.type !== 'uint8') return undefined;
  const known = left?.type === 'int32' && right?.type === 'int32';
  return {
    distances: distances.data,
    same: same.data,
    ...(known ? { identities: { left: left.data, right: right.data } } : {}),
  };
}

/** A name inside a .zip. */
function arrayName(benchmark: string): string {
  return benchmark.replace(/[^\w.-]+/g, '-');
}

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
  let people: Parameters<typeof twoWayInterval>[1];
  for (const { seed } of pairs) {
    const cell = cells.find((one) => one.seed === seed);
    const own = cell && scoresOf(cell, outcome.benchmark);
    const standard = cell && scoresOf({ id: cell.standardId }, outcome.benchmark);
    // Runs of another machine come without their scores; other pairs cannot be resampled together.
    if (own === undefined || standard === undefined || own.same.length !== (gains[0] ?? own.same).length)
      return undefined;
    const right = rightPairs(own.distances, own.same);
    const before = rightPairs(standard.distances, standard.same);
    gains.push(Int8Array.from(right, (answer, pair) => answer - (before[pair] ?? 0)));
    people = own.identities;
  }
  return twoWayInterval(gains, people, stream(1, 'two-way')).interval;
}
