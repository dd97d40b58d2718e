import { DIFFERENCE_WIDTH } from './accuracy-difference.ts';
import type { HistoryEvent } from './history-events.ts';

/** Rows of numbers by step. */
export interface HistoryTable {
  /** Rising. */
  readonly steps: Int32Array<ArrayBuffer>;
  /** Row after row, `steps.length` times as many numbers as a row has. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** Of so many measurements one is kept, since the run is long. */
  readonly stride: number;
}

export const TABLE_NAMES = [
  'loss',
  'inactiveShare',
  'relativeInactiveShare',
  'unusedShare',
  'verification',
  'deviation',
  'difference',
  'norms',
  'maxAbs',
  'inactive',
  'contributions',
  'kernels',
  'channels',
] as const satisfies readonly (keyof ArmHistory)[];

/** The measurements of an arm. */
export interface ArmHistory {
  /** One number a row. */
  readonly loss: HistoryTable;
  readonly inactiveShare: HistoryTable;
  readonly relativeInactiveShare: HistoryTable;
  readonly unusedShare: HistoryTable;
  readonly verification: HistoryTable;
  /** Of the accuracy, over its folds. */
  readonly deviation: HistoryTable;
  /** To the run's first arm, `DIFFERENCE_WIDTH` numbers a row. */
  readonly difference: HistoryTable;
  /** A number a filter. */
  readonly norms: HistoryTable;
  readonly maxAbs: HistoryTable;
  /** 1 where inactive. */
  readonly inactive: HistoryTable;
  /** The use of a filter by the next layer. */
  readonly contributions: HistoryTable;
  /** The first kernel, [k, k, channels, filters] a row. */
  readonly kernels: HistoryTable;
  /** The layers behind it in each channel, [3, filters] a row (craft/response.ts). */
  readonly channels: HistoryTable;
}

/** A step where the run resumed from a checkpoint. */
export interface SeamEntry {
  /** Of the checkpoint. */
  readonly step: number;
  /** Steps finished when it broke off. */
  readonly lostAt: number;
  /** Why: "closed", "device-lost". */
  readonly reason: string;
  /** The settings that differ from here on: "batch 64". */
  readonly note?: string | undefined;
}

/** Everything the charts, heatmaps, walls and the event list of a run show, up to a step. */
export interface RunHistory {
  /** First kernel's shape [k, k, channels, filters]. */
  readonly kernelShape: readonly [number, number, number, number];
  /** Of arms whose first layer is another than the run's; see `shapeOf`. */
  readonly kernelShapes?: Readonly<Record<string, RunHistory['kernelShape']>> | undefined;
  readonly arms: Readonly<Record<string, ArmHistory>>;
  /** By rising step. */
  readonly events: readonly HistoryEvent[];
  /** By rising step. */
  readonly seams: readonly SeamEntry[];
}

/** The first kernel's shape of an arm. */
export function shapeOf(history: Pick<RunHistory, 'kernelShape' | 'kernelShapes'>, arm: string) {
  return history.kernelShapes?.[arm] ?? history.kernelShape;
}

/** Tables that runs saved before they were measured lack. */
export const LATER_TABLES: readonly (keyof ArmHistory)[] = [
  'unusedShare',
  'deviation',
  'difference',
  'contributions',
  'channels',
];

export const EMPTY_TABLE: HistoryTable = { steps: new Int32Array(0), rows: new Float32Array(0), stride: 1 };

/** A history that an older version kept, with the tables that were added since. */
export function completed(history: RunHistory): RunHistory {
  const arms = Object.entries(history.arms).map(([name, measured]) => {
    const kept: Partial<ArmHistory> = measured;
    return [name, armTables((table) => kept[table] ?? EMPTY_TABLE)];
  });
  return { ...history, arms: Object.fromEntries(arms) };
}

/** The tables of an arm, each made by `make`. */
export function armTables<Table>(make: (name: keyof ArmHistory) => Table): Record<keyof ArmHistory, Table> {
  return {
    loss: make('loss'),
    inactiveShare: make('inactiveShare'),
    relativeInactiveShare: make('relativeInactiveShare'),
    unusedShare: make('unusedShare'),
    verification: make('verification'),
    deviation: make('deviation'),
    difference: make('difference'),
    norms: make('norms'),
    maxAbs: make('maxAbs'),
    inactive: make('inactive'),
    contributions: make('contributions'),
    kernels: make('kernels'),
    channels: make('channels'),
  };
}

/** The tables of an arm and how many numbers a row of each has. */
export function tableWidths(kernelShape: RunHistory['kernelShape']): Readonly<Record<keyof ArmHistory, number>> {
  const [height, width, channels, filters] = kernelShape;
  return {
    loss: 1,
    inactiveShare: 1,
    relativeInactiveShare: 1,
    unusedShare: 1,
    verification: 1,
    deviation: 1,
    difference: DIFFERENCE_WIDTH,
    norms: filters,
    maxAbs: filters,
    inactive: filters,
    contributions: filters,
    kernels: height * width * channels * filters,
    channels: 3 * filters,
  };
}

/** The history as it was after `step` steps. */
export function historyUpTo(history: RunHistory, step: number): RunHistory {
  const arms: Record<string, ArmHistory> = {};
  for (const [arm, measured] of Object.entries(history.arms)) {
    const widths = tableWidths(shapeOf(history, arm));
    arms[arm] = armTables((name) => {
      const { steps, rows, stride } = measured[name];
      const after = steps.findIndex((at) => at > step);
      const kept = after < 0 ? steps.length : after;
      return { steps: steps.slice(0, kept), rows: rows.slice(0, kept * widths[name]), stride };
    });
  }
  const events = history.events.filter((event) => event.step <= step);
  return { ...history, arms, events, seams: history.seams.filter((seam) => seam.step <= step) };
}
