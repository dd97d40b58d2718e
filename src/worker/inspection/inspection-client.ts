import type { InspectionCommand, InspectionMessage } from './protocol.ts';

/** The page's end of the worker that examines models, which never waits for a training step. */
export class InspectionClient {
  readonly #receive: (message: InspectionMessage) => void;
  #worker: Worker | undefined;

  constructor(receive: (message: InspectionMessage) => void) {
    this.#receive = receive;
  }

  /** Sends a command; the worker is started at the first. */
  post(command: InspectionCommand): void {
    this.#started(command.requestId).postMessage(command);
  }

  #started(requestId: number): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./inspection.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<InspectionMessage>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      this.#worker = undefined;
      const failure = {
        code: 'internal',
        message: `The reader of models stopped: ${event.message || 'it could not be loaded'}.`,
        hint: 'Drop the model again; if it happens again, reload the page.',
      } as const;
      this.#receive({ type: 'model-failed', requestId, failure });
    };
    this.#worker = worker;
    return worker;
  }
}
