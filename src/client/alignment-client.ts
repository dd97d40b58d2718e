import type { AlignmentCommand, AlignmentMessage } from '../worker/alignment/protocol.ts';
import type { EngineRole } from '../worker/engine.worker.ts';
import { LazyWorker } from './lazy-worker.ts';

const ROLE: EngineRole = 'alignment';

/** The page's end of the worker that finds and aligns faces; it is started, and the detector loaded, at the first command. */
export class AlignmentClient extends LazyWorker<AlignmentCommand, AlignmentMessage> {
  constructor(receive: (message: AlignmentMessage) => void) {
    super(
      () => new Worker(new URL('../worker/engine.worker.ts', import.meta.url), { type: 'module', name: ROLE }),
      receive,
      (why) => {
        const message = `The face detector stopped: ${why || 'its worker could not be loaded'}.`;
        receive({ type: 'stopped', problem: { code: 'internal', message, hint: 'Try again.' } });
      },
    );
  }
}
