import type { InspectionCommand, InspectionMessage } from '../worker/inspection/protocol.ts';
import { LazyWorker } from './lazy-worker.ts';

type Reader = LazyWorker<InspectionCommand, InspectionMessage>;

/**
 * The page's end of the workers that examine models, which never wait for a training step. A model is read in a worker
 * of its own, so that reading can be ended while the model before stays open.
 */
export class InspectionClient {
  readonly #receive: (message: InspectionMessage) => void;
  /** Holds the open model. */
  #open: Reader | undefined;
  /** Reads the next one. */
  #opening: Reader | undefined;
  /** Of the newest command: only its answer is waited for. */
  #requestId = 0;

  constructor(receive: (message: InspectionMessage) => void) {
    this.#receive = receive;
  }

  post(command: InspectionCommand): void {
    this.#requestId = command.requestId;
    if (command.type === 'inspect-model') {
      this.cancel();
      this.#opening = this.#reader();
    }
    // Questions about a layer are about the open model, also while the next is read.
    (command.type === 'inspect-model' ? this.#opening : this.#open)?.post(command);
  }

  /** Ends the reading of a model; the open one stays. */
  cancel(): void {
    this.#opening?.close();
    this.#opening = undefined;
  }

  #reader(): Reader {
    const reader: Reader = new LazyWorker(
      () => new Worker(new URL('../worker/inspection/inspection.worker.ts', import.meta.url), { type: 'module' }),
      (message) => {
        if (message.type === 'model-read') {
          this.#open?.close();
          this.#open = reader;
          this.#opening = undefined;
        } else if (message.type === 'model-failed' && this.#opening === reader) this.cancel();
        this.#receive(message);
      },
      (why) => {
        if (this.#opening === reader) this.#opening = undefined;
        const failure = {
          code: 'internal',
          message: `The reader of models stopped: ${why || 'it could not be loaded'}.`,
          hint: 'Drop the model again; if it happens again, reload the page.',
        } as const;
        this.#receive({ type: 'model-failed', requestId: this.#requestId, failure });
      },
    );
    return reader;
  }
}
