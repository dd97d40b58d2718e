import type { Checkpoint } from '../training/checkpoint.ts';
import type { Failure, ToldEvent } from '../training/events.ts';
import type { EngineRole } from '../worker/engine.worker.ts';
import type { Command, Message, Ping, Pong } from '../worker/protocol.ts';
import { FIRST_STEP, Watchdog } from './watchdog.ts';

type ImportCommand = Extract<Command, { type: 'import-faces' }>;
type UseCommand = Extract<Command, { type: 'use-faces' }>;
/** Commands that are answered by a message with their id. */
type RequestType = 'import-faces' | 'request-checkpoint' | 'describe-faces' | 'pack-study';

/** The current worker, and its open requests. */
interface Hired {
  readonly worker: Worker;
  readonly watchdog: Watchdog;
  /** Its run has not had its last event. */
  runs: boolean;
  /** Requests that it has not answered. */
  readonly open: Map<string, RequestType>;
  answered: boolean;
}

/**
 * The page's end of the worker: one door in, one door out. Loads no tfjs itself. State that has to outlive a worker is
 * kept here: the newest checkpoint of its run, and its faces, which every new worker is given.
 */
export class TrainingClient {
  readonly #role: EngineRole;
  readonly #listeners = new Set<(message: Message) => void>();
  #hired: Hired | undefined;
  /** The newest checkpoint of the run there is. */
  #kept: { readonly runId: string; readonly checkpoint: Checkpoint | undefined } | undefined;
  /** The files or the faces that are in use, and the files that are being read. */
  #faces: ImportCommand | UseCommand | undefined;
  readonly #imports = new Map<string, ImportCommand>();

  /** `study` where others train beside it. */
  constructor(role: Extract<EngineRole, 'training' | 'study'> = 'training') {
    this.#role = role;
  }

  /** Sends a command; the worker is started at the first. */
  post(command: Command): void {
    const hired = this.#hire();
    hired.worker.postMessage(command);
    if (command.type === 'start') {
      this.#kept = { runId: command.runId, checkpoint: command.from };
      hired.runs = true;
      hired.watchdog.longWork('start', true);
    }
    if (isRequest(command)) hired.open.set(command.requestId, command.type);
    if (command.type === 'import-faces') this.#imports.set(command.requestId, command);
    if (command.type === 'use-faces') this.#faces = command;
    if (command.type === 'forget-faces') this.#faces = undefined;
    watch(hired);
  }

  /** The newest checkpoint of a run; undefined before its first, and of a run that another has followed. */
  checkpointOf(runId: string): Checkpoint | undefined {
    return this.#kept?.runId === runId ? this.#kept.checkpoint : undefined;
  }

  /** Calls the listener with every message; returns how to end that. */
  subscribe(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the worker, freeing all memory of its device; the next command starts a fresh one, with the same faces. */
  restart(): void {
    const hired = this.#hired;
    if (hired === undefined) return;
    hired.watchdog.watch(false);
    hired.worker.terminate();
    this.#hired = undefined;
    for (const [requestId, type] of hired.open) {
      this.#imports.delete(requestId);
      this.#publish(unanswered(requestId, type));
    }
  }

  #hire(): Hired {
    if (this.#hired !== undefined) return this.#hired;
    const worker = new Worker(new URL('../worker/engine.worker.ts', import.meta.url), {
      type: 'module',
      name: this.#role,
    });
    const ping = () => worker.postMessage({ type: 'ping' } satisfies Ping);
    const watchdog = new Watchdog(ping, () => this.#lose('no answer to pings'));
    const hired: Hired = { worker, watchdog, runs: false, open: new Map(), answered: false };
    this.#hired = hired;
    watchdog.longWork('load', true);
    worker.onmessage = ({ data }: MessageEvent<Message | Pong>) => {
      watchdog.heard();
      watchdog.longWork('load', false);
      hired.answered = true;
      if (data.type !== 'pong') this.#receive(hired, data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(event.message || 'it could not be loaded');
    };
    if (this.#faces !== undefined) {
      worker.postMessage(this.#faces);
      if (this.#faces.type === 'import-faces') hired.open.set(this.#faces.requestId, 'import-faces');
    }
    return hired;
  }

  #receive(hired: Hired, message: Message): void {
    if (message.type === 'checkpoint' && message.runId === this.#kept?.runId) {
      this.#kept = { runId: message.runId, checkpoint: message.checkpoint };
    }
    if (message.type === 'run-event' && message.event.runId === this.#kept?.runId) {
      followRun(hired, message.event);
    }
    if (message.type === 'import-done') this.#faces = this.#imports.get(message.requestId) ?? this.#faces;
    if ('requestId' in message && message.requestId !== undefined && message.type !== 'import-progress') {
      hired.open.delete(message.requestId);
      this.#imports.delete(message.requestId);
    }
    watch(hired);
    this.#publish(message);
  }

  /** The worker is of no more use. */
  #lose(technical: string): void {
    const answered = this.#hired?.answered;
    this.restart();
    const failure: Failure = answered
      ? {
          code: 'worker-lost',
          message: 'The training worker stopped answering.',
          hint: 'A fresh one starts automatically. If this happens again, choose another engine in the settings.',
          technical,
        }
      : {
          code: 'internal',
          message: 'The training worker could not be loaded.',
          hint: 'Reload the page; if it happens again, choose another engine in the settings.',
          technical,
        };
    this.#publish({ type: 'engine-failed', failure });
  }

  #publish(message: Message): void {
    for (const listener of this.#listeners) listener(message);
  }
}

const REQUESTS: readonly string[] = [
  'import-faces',
  'request-checkpoint',
  'describe-faces',
  'pack-study',
] satisfies RequestType[];

function isRequest(command: Command): command is Extract<Command, { readonly type: RequestType }> {
  return REQUESTS.includes(command.type);
}

/** The answer to a request that a worker has taken with it. */
function unanswered(requestId: string, type: RequestType): Message {
  const failure = {
    code: 'internal',
    message: 'The training worker stopped before it was done.',
    hint: 'Try again: there is a fresh one now.',
  } as const;
  switch (type) {
    case 'import-faces':
      return { type: 'import-failed', requestId, failure };
    case 'request-checkpoint':
      return { type: 'checkpoint-failed', requestId, failure };
    case 'describe-faces':
    case 'pack-study':
      return { type: 'study-failed', requestId, failure };
  }
}

/** Before its first step a run may take long, and only the first step shows how long the others block the thread. */
function followRun(hired: Hired, { type }: ToldEvent): void {
  const { watchdog } = hired;
  if (type === 'compiling') watchdog.longWork(FIRST_STEP, true);
  if (type === 'compiling' || type === 'finished' || type === 'failed') watchdog.longWork('start', false);
  if (type === 'progress' || type === 'finished' || type === 'failed') watchdog.longWork(FIRST_STEP, false);
  if (type === 'finished' || type === 'failed') hired.runs = false;
}

/** An idle worker is not asked whether it lives: it would only keep the processor awake. */
function watch({ watchdog, runs, open, answered }: Hired): void {
  watchdog.longWork('files', open.size > 0);
  watchdog.watch(runs || open.size > 0 || !answered);
}
