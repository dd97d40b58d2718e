import type { VerificationCommand, VerificationMessage } from './protocol.ts';

/** The page's end of the worker that verifies, which a training run never waits for. */
export class VerificationClient {
  readonly #receive: (message: VerificationMessage) => void;
  #worker: Worker | undefined;

  constructor(receive: (message: VerificationMessage) => void) {
    this.#receive = receive;
  }

  /** Sends a command; the worker is started at the first. */
  post(command: VerificationCommand): void {
    this.#started().postMessage(command);
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./verification.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<VerificationMessage>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      worker.terminate();
      this.#worker = undefined;
      const failure = {
        code: 'internal',
        message: `The verification stopped: ${event.message || 'its worker could not be loaded'}.`,
        hint: 'A training run is not touched by this. Open models and files again; if it happens again, reload the page.',
      } as const;
      this.#receive({ type: 'stopped', failure });
    };
    this.#worker = worker;
    return worker;
  }
}
