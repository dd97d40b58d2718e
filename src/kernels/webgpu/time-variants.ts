import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall } from '../kernel-call.ts';
import { everywhere, type TiledVariant, type VariedKernel } from '../variants.ts';
import { setVariants } from './adapter-variants.ts';
import { batchNormInfer } from './batch-norm.ts';
import { convolution } from './conv.ts';
import { convolutionFilterGradient } from './conv-filter-grad.ts';
import { dense } from './dense.ts';
import { moments } from './moments.ts';
import { release, submit, webgpuOf } from './program.ts';

/** A timer that sees a finished queue this late (Firefox asks ten times a second) measures nothing of a kernel. */
const SLOWEST_NEWS_MS = 10;

/** A kernel is repeated until the clock, which browsers make coarse, resolves it; the best of a few readings counts. */
const READING_MS = 2;
const MOST_REPEATS = 32;
const READINGS = 3;

interface Trial {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly attrs?: NamedAttrMap;
  readonly run: (call: KernelCall) => TensorInfo | TensorInfo[];
}

/** A layer in the middle of the small presets: batch 32, 16 x 16 places, 32 channels. */
const LAYER = [32, 16, 16, 32];
const CHANNELS = [32];
/** Convolutions take most of a step in the large presets, where layers are wider. */
const WIDE = [32, 16, 16, 64];

const TRIALS: Readonly<Record<VariedKernel, Trial>> = {
  convolution: { shapes: { x: WIDE, w: [3, 3, 64, 64] }, attrs: { stride: 1, pad: 1 }, run: convolution },
  filterGradient: {
    shapes: { x: WIDE, dy: WIDE },
    attrs: { stride: 1, pad: 1, kernelSize: 3 },
    run: convolutionFilterGradient,
  },
  product: { shapes: { x: [32, 1024], w: [64, 1024] }, run: dense },
  rowMap: {
    shapes: { x: LAYER, gamma: CHANNELS, beta: CHANNELS, mean: CHANNELS, variance: CHANNELS },
    attrs: { epsilon: 1e-5 },
    run: batchNormInfer,
  },
  rowSum: {
    shapes: { x: LAYER },
    run: (call) => Object.values(moments(webgpuOf(call), inputOf(call, 'x'))),
  },
};

/**
 * Milliseconds a kernel takes in a variant on a layer of the small presets, compiling left out; undefined where the
 * adapter's answers come too late to measure, or where compiling and running it once took until after `until`, on the
 * clock of performance.now. Leaves the backend with that variant everywhere.
 */
export async function timeVariant(
  backend: WebGPUBackend,
  kernel: VariedKernel,
  variant: TiledVariant,
  until = Number.POSITIVE_INFINITY,
): Promise<number | undefined> {
  if ((await bestOf(READINGS, () => elapsed(backend, () => {}))) > SLOWEST_NEWS_MS) return undefined;
  setVariants(backend, everywhere(variant));
  const { shapes, attrs = {}, run } = TRIALS[kernel];
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, backend.makeTensorInfo([...shape], 'float32')]),
  );
  const once = () => release(backend, ...[run({ inputs, attrs, backend })].flat());
  try {
    await elapsed(backend, once);
    if (performance.now() > until) return undefined;
    return await bestReading(backend, once);
  } finally {
    release(backend, ...Object.values(inputs));
  }
}

async function bestReading(backend: WebGPUBackend, once: () => void): Promise<number> {
  const repeats = Math.min(MOST_REPEATS, Math.ceil(READING_MS / Math.max(0.01, await elapsed(backend, once))));
  const repeated = () => {
    for (let index = 0; index < repeats; index++) once();
  };
  return (await bestOf(READINGS, () => elapsed(backend, repeated))) / repeats;
}

async function bestOf(count: number, read: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < count; reading++) best = Math.min(best, await read());
  return best;
}

async function elapsed(backend: WebGPUBackend, enqueue: () => void): Promise<number> {
  const start = performance.now();
  enqueue();
  submit(backend);
  await backend.queue.onSubmittedWorkDone();
  return performance.now() - start;
}
