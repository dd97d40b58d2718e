import type { HeldRow, RowId, VerificationCommand } from '../worker/verification/protocol.ts';

type OpenRun = Extract<VerificationCommand, { type: 'open-run' }>;
export type TakeFiles = Extract<VerificationCommand, { type: 'take-files' }>;

/** Networks and rows that a command gave to the worker. */
export interface Holding {
  readonly command: OpenRun | TakeFiles;
  readonly networks: readonly string[];
  /** Of the contents of the files that the page still has. */
  readonly rows: readonly HeldRow[];
}

/** The contents that the worker that verifies holds for the page, and their commands: a fresh worker can be given the same. */
export class WorkerHoldings {
  readonly #all = new Map<number, Holding>();

  /** Numbers of the requests that the holdings came from. */
  requests(): readonly number[] {
    return [...this.#all.keys()];
  }

  get(requestId: number): Holding | undefined {
    return this.#all.get(requestId);
  }

  /** The networks of a run take the places of those of the run before. */
  opened(command: OpenRun | TakeFiles, networks: readonly string[]): void {
    for (const [requestId, holding] of this.#all) {
      if (command.type === 'open-run' && holding.command.type === 'open-run') this.#all.delete(requestId);
    }
    this.#all.set(command.requestId, { command, networks, rows: [] });
  }

  /** A content of the files fills a row, in the place of any before. */
  added(command: TakeFiles, { row, source }: HeldRow): void {
    this.removed([row]);
    const rows = this.#all.get(command.requestId)?.rows ?? [];
    this.#all.set(command.requestId, { command, networks: [], rows: [...rows, { row, source }] });
  }

  closed(networks: readonly string[]): void {
    this.#change((holding) => ({ ...holding, networks: holding.networks.filter((id) => !networks.includes(id)) }));
  }

  removed(rows: readonly RowId[]): void {
    this.#change((holding) => ({ ...holding, rows: holding.rows.filter(({ row }) => !rows.includes(row)) }));
  }

  forget(requestId: number): void {
    this.#all.delete(requestId);
  }

  clear(): void {
    this.#all.clear();
  }

  /** Those of which nothing is left are forgotten, with their files. */
  #change(change: (holding: Holding) => Holding): void {
    for (const [requestId, holding] of this.#all) {
      const changed = change(holding);
      const left = changed.networks.length > 0 || changed.rows.length > 0;
      if (left) this.#all.set(requestId, changed);
      else this.#all.delete(requestId);
    }
  }
}
