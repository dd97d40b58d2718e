import { knownArm } from '../../src/config/arm.ts';
import { withPreset } from '../../src/config/presets.ts';
import type { ArmName } from '../../src/record/arm.ts';
import type { ToldEvent } from '../../src/training/events.ts';
import { createRunStore } from '../../src/ui/state/run-store.ts';
import type { Message } from '../../src/worker/protocol.ts';

const STEPS = 100_000;
const FILTERS = 64;
const KERNEL_EVERY = 25;
const SHAPE = [3, 3, 3, FILTERS] as const;
const ARMS: readonly ArmName[] = ['standard', 'craft'];
const MEGABYTE = 1e6;

const used = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed / MEGABYTE, arrays: arrayBuffers / MEGABYTE };
};

const before = used();
let deliver: (message: Message) => void = () => {};
const store = createRunStore({
  post: () => {},
  subscribe: (listener) => {
    deliver = listener;
    return () => {};
  },
  restart: () => {},
  checkpointOf: () => undefined,
});
store.actions.setConfig({ ...withPreset('small'), filters: FILTERS, steps: STEPS });
store.actions.train();
const runId = store.getState().run?.runId ?? '';
const send = (event: ToldEvent) => deliver({ type: 'run-event', event });

send({
  type: 'started',
  runId,
  step: 0,
  arms: ARMS.map((name) => ({ ...knownArm(name), kernelShape: SHAPE, parameters: 130_000 })),
  engine: { backend: 'wasm', adapter: 'SIMD', software: false },
  totalSteps: STEPS,
  data: { identities: 200, images: 4800, pairs: 400 },
});
const row = (step: number) => Float32Array.from({ length: FILTERS }, (_, filter) => 1 + Math.sin(step + filter));
for (let step = 1; step <= STEPS; step++) {
  for (const arm of ARMS) {
    send({
      type: 'progress',
      runId,
      arm,
      step,
      loss: 20 / step,
      accuracy: 1 - 1 / step,
      learningRate: 0.1,
      imagesPerSecond: 1000,
      stepMs: 30,
      deviceBytes: 1e7,
    });
    send({
      type: 'filters',
      runId,
      arm,
      step,
      norms: row(step),
      maxAbs: row(step),
      foldedNorms: row(step),
      inactive: new Uint8Array(FILTERS),
      inactiveShare: 0,
      relativeInactiveShare: 0,
      contributions: row(step),
      unusedShare: 0,
      ...(step % KERNEL_EVERY === 0 ? { kernel: new Float32Array(27 * FILTERS).fill(step) } : {}),
    });
  }
  // As many checks as a run has, each with filters brought back.
  if (step % (STEPS / 20) === 0) {
    send({
      type: 'reactivation',
      runId,
      arm: 'craft',
      step,
      strategy: 'blend',
      filters: [1, 2, 3, 4],
      before: new Float32Array(27 * 4),
      after: new Float32Array(27 * 4),
      donors: [5, 6, 7],
      values: [0, 0, 0, 0],
    });
  }
  // A task of its own now and then, so that throttled redraws happen as in the page.
  if (step % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
}
const after = used();
if (store.getState().run?.step !== STEPS) throw new Error('The store did not take every step.');
process.send?.({ steps: STEPS, heapMB: after.heap, arraysMB: after.arrays, before: before.heap + before.arrays });
