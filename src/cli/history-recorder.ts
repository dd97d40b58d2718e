import {
  type ArmHistory,
  armTables,
  HISTORY_ARMS,
  type HistoryArm,
  type HistoryEvent,
  historyTable,
  type RunHistory,
  type SeamEntry,
  TABLE_NAMES,
  tableWidths,
} from '../exchange/run-history.ts';
import type { RunEvent } from '../training/events.ts';

/** Rows of each table that are kept; longer runs are thinned, as on the page. */
const MOST_ROWS: Readonly<Record<keyof ArmHistory, number>> = {
  loss: 32_768,
  inactiveShare: 32_768,
  relativeInactiveShare: 32_768,
  verification: 32_768,
  norms: 2048,
  maxAbs: 2048,
  inactive: 2048,
  kernels: 400,
};

type Row = Parameters<typeof historyTable>[0][number];
type Rows = Record<keyof ArmHistory, Row[]>;

/** Collects what a run measures into its history, after what an archive has told before. */
export class HistoryRecorder {
  readonly #kernelShape: RunHistory['kernelShape'];
  readonly #arms = new Map<HistoryArm, Rows>();
  readonly #events: HistoryEvent[];
  readonly #seams: SeamEntry[];

  constructor(
    kernelShape: RunHistory['kernelShape'],
    from?: { readonly step: number; readonly history?: RunHistory | undefined },
  ) {
    this.#kernelShape = kernelShape;
    this.#events = [...(from?.history?.events ?? [])];
    this.#seams =
      from === undefined
        ? []
        : [...(from.history?.seams ?? []), { step: from.step, lostAt: from.step, reason: 'closed' }];
    for (const arm of HISTORY_ARMS) {
      const told = from?.history?.arms[arm];
      if (told !== undefined) this.#arms.set(arm, rowsOf(told, tableWidths(kernelShape)));
    }
  }

  add(event: RunEvent): void {
    switch (event.type) {
      case 'progress':
        this.#push(event.arm, 'loss', event.step, [event.loss]);
        return;
      case 'filters':
        this.#push(event.arm, 'inactiveShare', event.step, [event.inactiveShare]);
        this.#push(event.arm, 'relativeInactiveShare', event.step, [event.relativeInactiveShare]);
        this.#push(event.arm, 'norms', event.step, event.norms);
        this.#push(event.arm, 'maxAbs', event.step, event.maxAbs);
        this.#push(event.arm, 'inactive', event.step, event.inactive);
        if (event.kernel !== undefined) this.#push(event.arm, 'kernels', event.step, event.kernel);
        return;
      case 'verification':
        this.#push(event.arm, 'verification', event.step, [event.accuracy]);
        return;
      case 'reactivation':
      case 'craft-switched':
        this.#events.push(event);
        return;
      default:
    }
  }

  history(): RunHistory {
    const widths = tableWidths(this.#kernelShape);
    const arms: Partial<Record<HistoryArm, ArmHistory>> = {};
    for (const [arm, rows] of this.#arms) {
      const table = (name: keyof ArmHistory) => historyTable(rows[name], widths[name], MOST_ROWS[name]);
      arms[arm] = armTables(table);
    }
    return { kernelShape: this.#kernelShape, arms, events: this.#events, seams: this.#seams };
  }

  #push(arm: HistoryArm, name: keyof ArmHistory, step: number, row: ArrayLike<number>): void {
    const rows = this.#arms.get(arm) ?? noRows();
    this.#arms.set(arm, rows);
    const table = rows[name];
    table.push({ step, row });
    // Bounded for runs of any length; `historyTable` takes the rest away.
    if (table.length > 4 * MOST_ROWS[name]) table.splice(0, table.length, ...table.filter((_, at) => at % 2 === 0));
  }
}

function noRows(): Rows {
  return armTables(() => []);
}

function rowsOf(told: ArmHistory, widths: Readonly<Record<keyof ArmHistory, number>>): Rows {
  const rows = noRows();
  for (const name of TABLE_NAMES) {
    const width = widths[name];
    const table = told[name];
    for (const [at, step] of table.steps.entries()) {
      rows[name].push({ step, row: table.rows.subarray(at * width, (at + 1) * width) });
    }
  }
  return rows;
}
