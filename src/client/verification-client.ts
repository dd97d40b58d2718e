import type { EngineRole } from '../worker/engine.worker.ts';
import type { VerificationCommand, VerificationMessage } from '../worker/verification/protocol.ts';
import { LazyWorker } from './lazy-worker.ts';

const ROLE: EngineRole = 'verification';

/** The page's end of the worker that verifies, which a training run never waits for. */
export class VerificationClient extends LazyWorker<VerificationCommand, VerificationMessage> {
  constructor(receive: (message: VerificationMessage) => void) {
    super(
      () => new Worker(new URL('../worker/engine.worker.ts', import.meta.url), { type: 'module', name: ROLE }),
      receive,
      (why) => {
        const failure = {
          code: 'internal',
          message: `The verification stopped: ${why || 'its worker could not be loaded'}.`,
          hint: 'A training run is unaffected. Open models and files again; if it happens again, reload the page.',
        } as const;
        receive({ type: 'stopped', failure });
      },
    );
  }
}
