import type { EngineRole } from '../worker/engine.worker.ts';
import type {
  RowId,
  VerificationCommand,
  VerificationFailure,
  VerificationMessage,
  WorkerAnswer,
} from '../worker/verification/protocol.ts';
import { LazyWorker } from './lazy-worker.ts';
import { Watchdog } from './watchdog.ts';
import { type Holding, WorkerHoldings } from './worker-holdings.ts';

const ROLE: EngineRole = 'verification';

/** Name of the work in which a worker may keep its thread for long, and yet loses much where it is ended. */
const VERIFICATION = 'verification';

/** A holding that a fresh worker was asked to take again, and how much of it is there. */
interface ComingBack {
  readonly requestId: number;
  readonly networks: Set<string>;
  readonly rows: Set<RowId>;
}

/**
 * The page's end of the worker that verifies, which a training run never waits for.
 *
 * ONNX Runtime keeps the worker's thread while it reads and runs a model, and so a cancel may never be heard. A worker
 * that has not ended a cancelled request after some ticks of the page's timer is ended itself; after many more where a
 * verification that nobody cancelled runs beside it, which would begin its row anew. With the next request a
 * fresh one starts: it is first given again the networks and files that the page still has, under the same ids, and
 * then the unfinished requests.
 */
export class VerificationClient {
  readonly #receive: (message: VerificationMessage) => void;
  readonly #worker: LazyWorker<VerificationCommand, WorkerAnswer>;
  readonly #watchdog: Watchdog;
  readonly #holdings = new WorkerHoldings();
  /** Requests without their last answer, oldest first. */
  readonly #unfinished = new Map<number, VerificationCommand>();
  /** Those of them that the worker was asked to end. */
  readonly #cancelled = new Set<number>();
  /** Requests whose holdings a fresh worker still has to take, and the one that it is taking. */
  #toComeBack: number[] = [];
  #comingBack: ComingBack | undefined;
  /** Commands that wait for them, in their order. */
  #held: VerificationCommand[] = [];

  constructor(receive: (message: VerificationMessage) => void) {
    this.#receive = receive;
    // Nothing is asked of the worker meanwhile: the end of the request counts, or that a verification beside it progresses.
    this.#watchdog = new Watchdog(
      () => {},
      () => this.#restart(),
    );
    this.#worker = new LazyWorker(
      () => new Worker(new URL('../worker/engine.worker.ts', import.meta.url), { type: 'module', name: ROLE }),
      (answer) => this.#answered(answer),
      (why) => this.#stopped(why),
    );
  }

  post(command: VerificationCommand): void {
    switch (command.type) {
      case 'cancel':
        this.#cancel(command);
        return;
      case 'close-networks':
        this.#holdings.closed(command.networks);
        break;
      case 'remove-benchmark':
        this.#holdings.removed([command.row]);
        break;
      default:
        this.#unfinished.set(command.requestId, command);
    }
    this.#send(command);
  }

  #send(command: VerificationCommand): void {
    this.#held.push(command);
    if (this.#comingBack === undefined) this.#bringBack();
  }

  /** Gives the worker the next holding, and the commands that wait once it has them all. */
  #bringBack(): void {
    this.#comingBack = undefined;
    while (this.#toComeBack.length > 0) {
      const holding = this.#holdings.get(this.#toComeBack.shift() ?? 0);
      if (holding === undefined) continue;
      this.#comingBack = { requestId: holding.command.requestId, networks: new Set(), rows: new Set() };
      this.#worker.post(againOf(holding));
      return;
    }
    for (const command of this.#held.splice(0)) this.#worker.post(command);
  }

  #cancel(command: Extract<VerificationCommand, { type: 'cancel' }>): void {
    const { requestId } = command;
    if (!this.#unfinished.has(requestId)) return;
    const held = this.#held.filter((other) => other.requestId !== requestId);
    if (held.length < this.#held.length) {
      // The worker has never seen it.
      this.#held = held;
      this.#unfinished.delete(requestId);
      this.#receive({ type: 'cancelled', requestId });
      return;
    }
    this.#cancelled.add(requestId);
    this.#worker.post(command);
    this.#watch();
  }

  /** Watches the worker while it has to end cancelled requests. */
  #watch(): void {
    this.#watchdog.longWork(VERIFICATION, [...this.#unfinished.values()].some(this.#isWanted));
    this.#watchdog.watch(this.#cancelled.size > 0);
  }

  /** Whether a request is a verification that nobody cancelled. */
  readonly #isWanted = ({ type, requestId }: VerificationCommand) =>
    type === 'verify' && !this.#cancelled.has(requestId);

  #answered(answer: WorkerAnswer): void {
    const { requestId } = answer;
    if (this.#comingBack?.requestId === requestId) {
      this.#cameBack(answer, this.#comingBack);
      return;
    }
    const command = this.#unfinished.get(requestId);
    if (answer.type === 'benchmark-added' && this.#cancelled.has(requestId)) {
      // Cancelled too late: the worker has it in place of the pairs that the page still shows.
      this.#restart();
      return;
    }
    if (command !== undefined) this.#note(command, answer);
    // Between two images it hears of a cancel; the rest is the request's own way to its end.
    if (command !== undefined && answer.type === 'progress' && this.#isWanted(command)) this.#watchdog.heard();
    if (isLast(answer)) {
      this.#unfinished.delete(requestId);
      this.#endOf(requestId);
    }
    this.#receive(answer);
  }

  /** Keeps account of the contents of the worker, and of the rest of the request. */
  #note(command: VerificationCommand, answer: WorkerAnswer): void {
    const takes = command.type === 'open-run' || command.type === 'take-files';
    if (answer.type === 'networks-opened' && takes) this.#holdings.opened(command, answer.networks.map(idOf));
    if (answer.type === 'benchmark-added' && command.type === 'take-files') this.#holdings.added(command, answer);
    if (command.type !== 'verify' || (answer.type !== 'row-done' && answer.type !== 'row-failed')) return;
    const done = answer.type === 'row-done' ? answer.result.row : answer.row;
    this.#unfinished.set(command.requestId, { ...command, rows: command.rows.filter((row) => row !== done) });
  }

  /** A request has ended; another cancelled one gets all of its ticks. */
  #endOf(requestId: number): void {
    if (this.#cancelled.delete(requestId)) this.#watchdog.watch(false);
    this.#watch();
  }

  /** Ends the worker in the midst of the cancelled requests. The others are done by a fresh one. */
  #restart(): void {
    this.#worker.close();
    this.#watchdog.watch(false);
    const cancelled = [...this.#cancelled];
    this.#cancelled.clear();
    for (const requestId of cancelled) this.#unfinished.delete(requestId);
    // Files that were still read are read anew, from the first of their contents.
    for (const requestId of this.#unfinished.keys()) this.#holdings.forget(requestId);
    this.#toComeBack = [...this.#holdings.requests()];
    this.#held = [...this.#unfinished.values()];
    if (this.#held.length > 0) this.#bringBack();
    for (const requestId of cancelled) this.#receive({ type: 'cancelled', requestId });
  }

  #cameBack(answer: WorkerAnswer, { requestId, networks, rows }: ComingBack): void {
    if (answer.type === 'networks-opened') for (const { id } of answer.networks) networks.add(id);
    if (answer.type === 'benchmark-added') rows.add(answer.row);
    if (!isLast(answer)) return;
    // Without networks and rows that were closed or removed meanwhile.
    const holding = this.#holdings.get(requestId);
    const wanted = holding?.networks ?? [];
    // A saved run of two networks, one of which was closed.
    const closed = [...networks].filter((id) => !wanted.includes(id));
    if (closed.length > 0) this.#worker.post({ type: 'close-networks', requestId: 0, networks: closed });
    const lost = {
      networks: wanted.filter((id) => !networks.has(id)),
      rows: holding?.rows.map(({ row }) => row).filter((row) => !rows.has(row)) ?? [],
    };
    this.#holdings.closed(lost.networks);
    this.#holdings.removed(lost.rows);
    this.#bringBack();
    if (holding === undefined || lost.networks.length + lost.rows.length === 0) return;
    this.#receive({ type: 'lost', ...lost, failure: lostFailure(holding, answer) });
  }

  #stopped(why: string): void {
    this.#watchdog.watch(false);
    this.#holdings.clear();
    this.#unfinished.clear();
    this.#cancelled.clear();
    this.#toComeBack = [];
    this.#comingBack = undefined;
    this.#held = [];
    const failure = {
      code: 'internal',
      message: `The verification stopped: ${why || 'its worker could not be loaded'}.`,
      hint: 'A training run is unaffected. Open models and files again; if it happens again, reload the page.',
    } as const;
    this.#receive({ type: 'stopped', failure });
  }
}

const idOf = ({ id }: { readonly id: string }) => id;

/** The command as it was, with the rows as they are. */
function againOf({ command, rows }: Holding): VerificationCommand {
  return command.type === 'open-run' || rows.length === 0 ? command : { ...command, rows };
}

/** Whether nothing more comes of the request. */
function isLast(answer: WorkerAnswer): boolean {
  switch (answer.type) {
    case 'progress':
    case 'row-done':
    case 'row-failed':
      return false;
    case 'benchmark-added':
      return answer.last;
    default:
      return true;
  }
}

function lostFailure({ command }: Holding, answer: WorkerAnswer): VerificationFailure {
  const name = command.type === 'open-run' ? 'The run' : command.name;
  const why =
    answer.type === 'failed' ? answer.failure : ({ code: 'internal', message: '', hint: 'Open it again.' } as const);
  return {
    ...why,
    message: `After Cancel, ${name} could not be read again and is no longer open. ${why.message}`.trim(),
  };
}
