import type { Checkpoint } from '../training/checkpoint.ts';
import type { Command, Message } from './protocol.ts';

export { GalleryClient } from './gallery/gallery-client.ts';
export { InspectionClient } from './inspection/inspection-client.ts';
export { holdRun } from './runs/run-locks.ts';
export { RunFileError, runsClient } from './runs/runs-client.ts';

/** The page's end of the worker: one door in, one door out. Loads no tfjs itself. */
export class TrainingClient {
  readonly #listeners = new Set<(message: Message) => void>();
  #worker: Worker | undefined;
  /** The newest checkpoint of the run there is; outlives the worker. */
  #kept: { readonly runId: string; readonly checkpoint: Checkpoint | undefined } | undefined;

  /** Sends a command; the worker is started at the first. */
  post(command: Command): void {
    this.#started().postMessage(command);
    if (command.type === 'start') this.#kept = { runId: command.runId, checkpoint: command.from };
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

  /** Ends the worker, freeing all memory of its device; the next command starts a fresh one. */
  restart(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.#publish(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#publish({
        type: 'engine-failed',
        failure: {
          code: 'internal',
          message: `The training worker stopped: ${event.message || 'it could not be loaded'}.`,
          hint: 'Reload the page; if it happens again, choose another engine in the settings.',
        },
      });
    };
    this.#worker = worker;
    return worker;
  }

  #publish(message: Message): void {
    // A run that was followed by another may still send its last.
    if (message.type === 'checkpoint' && message.runId === this.#kept?.runId) {
      this.#kept = { runId: message.runId, checkpoint: message.checkpoint };
    }
    for (const listener of this.#listeners) listener(message);
  }
}

/** The one client of the page, outside React's life cycle. */
export const trainingClient = new TrainingClient();
