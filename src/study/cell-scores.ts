import type { NpyArray } from '../formats/npy.ts';
import { readNpz, writeNpz } from '../formats/npz.ts';

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

/** The name of an evaluation inside a .zip; study.py has the same. */
export function arrayName(benchmark: string): string {
  return benchmark.replace(/[^\w.-]+/g, '-');
}
