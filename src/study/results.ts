/** The results of a run; each is one row of results.csv a step and benchmark. */
export const MEASURES = [
  /** The run itself: its value is the number of steps finished, its state how it ended. Every cell has one. */
  'run',
  /** Share of pairs judged rightly, ten folds; `benchmark` names the pairs. */
  'accuracy',
  /** True-accept rate of templates, at the false-accept rate that `headlineFar` gives their pairs. */
  'tar',
  /** Shares of first-layer filters: by the run's criterion, by the scale-free one, and by use in the next layer. */
  'inactive_share',
  'relative_inactive_share',
  'unused_share',
  'loss',
  /** How many filters were re-activated, each time counted. */
  'reactivations',
  /** Share of re-activated filters that are active at the next check and at the end. */
  'survival_next',
  'survival_end',
  /** The same shares for filters that only decay. */
  'decay_survival_next',
  'decay_survival_end',
] as const;
export type Measure = (typeof MEASURES)[number];

/** Whether a measure's values are shares, from 0 to 1. */
export function isShare(measure: Measure): boolean {
  return measure !== 'run' && measure !== 'loss' && measure !== 'reactivations';
}

/** Runs of one study. A short plan or file could ask for more than any memory holds. */
export const MOST_CELLS = 10_000;

/** A compared quantity: a measure, and of an accuracy the pairs on which it was measured. */
export type Outcome = Pick<ResultRow, 'measure' | 'benchmark'>;

/** How a cell ended. A cell without a row is queued. */
export const CELL_STATES = ['done', 'failed'] as const;
export type CellState = (typeof CELL_STATES)[number];

/** One row of results.csv, in the order of its columns. */
export interface ResultRow {
  readonly study: string;
  readonly condition: string;
  /** "filters=32;kernelSize=3"; empty where the study has no axis. */
  readonly axes: string;
  readonly seed: number;
  readonly step: number;
  readonly measure: Measure;
  /** The evaluation of an accuracy; empty for the others. */
  readonly benchmark: string;
  /** Shares from 0 to 1; NaN of a failed run. */
  readonly value: number;
  /** Pairs of an accuracy, NaN where they are not known; 0 for the others. */
  readonly pairs: number;
  /** The cell's training and measuring, in seconds; NaN where they are not known, as of a run that was resumed. */
  readonly seconds: number;
  /** `wasm`, `webgpu`, `torch`. */
  readonly engine: string;
  readonly adapter: string;
  readonly state: CellState;
  /** Why it failed; empty where it did not. */
  readonly reason: string;
}

/** The key of a row's cell within its study. */
export function cellKey({ seed, condition, axes }: Pick<ResultRow, 'seed' | 'condition' | 'axes'>): string {
  return `${seed} ${condition} ${axes}`;
}

/** The rows of each cell by its key, in their order. */
export function rowsByCell(rows: readonly ResultRow[]): ReadonlyMap<string, readonly ResultRow[]> {
  const cells = new Map<string, ResultRow[]>();
  let [last, own]: [ResultRow | undefined, ResultRow[]] = [undefined, []];
  for (const row of rows) {
    // The rows of a cell follow each other; a key for each of them takes a second of 300,000.
    const same =
      last !== undefined && row.seed === last.seed && row.condition === last.condition && row.axes === last.axes;
    if (!same) {
      const key = cellKey(row);
      own = cells.get(key) ?? [];
      cells.set(key, own);
    }
    own.push(row);
    last = row;
  }
  return cells;
}

/**
 * Those of the runs whose seed has runs of PyTorch and of the playground at one point of the axes. Their random numbers
 * differ, so that they are no pairs.
 */
export function mixedRuns<Run extends Pick<ResultRow, 'seed' | 'axes' | 'engine'>>(
  runs: readonly Run[],
): readonly Run[] {
  const placeOf = ({ seed, axes }: Run) => `${seed} ${axes}`;
  const torch = new Set(runs.filter(({ engine }) => engine === 'torch').map(placeOf));
  const others = new Set(runs.filter(({ engine }) => engine !== 'torch').map(placeOf));
  return runs.filter((run) => torch.has(placeOf(run)) && others.has(placeOf(run)));
}

/** The rows of both, each cell once: where both have it, a finished one before a failed one, then the later. */
export function joinRows(earlier: readonly ResultRow[], later: readonly ResultRow[]): readonly ResultRow[] {
  return joinCells(rowsByCell(earlier), rowsByCell(later)).flatMap(([, rows]) => rows);
}

/** The same by cells, with their keys: first those of `earlier`, then those of `later`. */
export function joinCells(
  earlier: ReadonlyMap<string, readonly ResultRow[]>,
  later: ReadonlyMap<string, readonly ResultRow[]>,
): readonly (readonly [key: string, rows: readonly ResultRow[]])[] {
  const isDone = (rows: readonly ResultRow[] = []) => rows.some(({ state }) => state === 'done');
  const keeps = (key: string) => !later.has(key) || (isDone(earlier.get(key)) && !isDone(later.get(key)));
  return [...[...earlier].filter(([key]) => keeps(key)), ...[...later].filter(([key]) => !keeps(key))];
}
