import { openEngine } from '../network/backend.ts';
import { ArmHost } from '../training/threads/arm-host.ts';
import type { ArmAnswer, ArmCommand } from '../training/threads/protocol.ts';
import { PAGE_STEP_THREADS } from './step-threads.ts';
import { WASM_FILES } from './wasm-files.ts';

const host = new ArmHost(
  (answer: ArmAnswer) => self.postMessage(answer),
  () => openEngine({ preference: 'wasm', wasmFiles: WASM_FILES, stepThreads: PAGE_STEP_THREADS }),
);

/** Carries out the training worker's commands to a worker that trains some of its arms. */
export function receive(command: ArmCommand): void {
  host.receive(command);
}
