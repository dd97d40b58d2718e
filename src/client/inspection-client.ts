import type { InspectionCommand, InspectionMessage } from '../worker/inspection/protocol.ts';
import { LazyWorker } from './lazy-worker.ts';

/** The page's end of the worker that examines models, which never waits for a training step. */
export class InspectionClient {
  readonly #worker: LazyWorker<InspectionCommand, InspectionMessage>;
  /** Of the newest command: only its answer is waited for. */
  #requestId = 0;

  constructor(receive: (message: InspectionMessage) => void) {
    this.#worker = new LazyWorker(
      () => new Worker(new URL('../worker/inspection/inspection.worker.ts', import.meta.url), { type: 'module' }),
      receive,
      (why) => {
        const failure = {
          code: 'internal',
          message: `The reader of models stopped: ${why || 'it could not be loaded'}.`,
          hint: 'Drop the model again; if it happens again, reload the page.',
        } as const;
        receive({ type: 'model-failed', requestId: this.#requestId, failure });
      },
    );
  }

  post(command: InspectionCommand): void {
    this.#requestId = command.requestId;
    this.#worker.post(command);
  }
}
