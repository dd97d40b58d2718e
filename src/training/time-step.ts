import { getBackend, type Tensor1D, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { STANDARD } from '../config/arm.ts';
import { median } from '../config/average.ts';
import { nextTask } from '../config/next-task.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { StepTime } from '../config/step-cost.ts';
import { facesToBatch } from '../kernels/operations.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork, type NetworkBatch } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { trainedPeople } from '../verification/held-out-people.ts';
import { readTelemetry } from './telemetry.ts';
import { TrainedArm } from './trained-arm.ts';

const FIRST_BATCH = 2;
const ROUNDS = 3;

/** Between two steps: whether to give up. */
type Stopped = () => boolean;

/**
 * Times a training step of one arm on the current engine, on a network and images that are thrown away. Begins with two
 * images and takes four times as many until the batch is whole, or until a step of so many would take longer than `most`
 * milliseconds; the time is then scaled to the batch, which at that size is too high rather than too low.
 * Resolves to undefined once `stopped` says so: after the running step at the latest.
 */
export async function timeStep(config: RunConfig, most: number, stopped: Stopped): Promise<StepTime | undefined> {
  const architecture = architectureOf(config, trainedPeople(config.identities, config.heldOutShare));
  const arm = new TrainedArm(STANDARD, FaceNetwork.blank(architecture, recipeOf(config)));
  try {
    let size = Math.min(FIRST_BATCH, config.batchSize);
    while (true) {
      const ms = await timeBatch(arm, config, size, stopped);
      if (ms === undefined) return undefined;
      if (size === config.batchSize) return { ms, whole: true };
      if (4 * ms > most) return { ms: (ms * config.batchSize) / size, whole: false };
      size = Math.min(4 * size, config.batchSize);
    }
  } finally {
    arm.network.dispose();
  }
}

/** Median milliseconds of a step on `size` images, after one step that compiles. */
async function timeBatch(
  arm: TrainedArm,
  config: RunConfig,
  size: number,
  stopped: Stopped,
): Promise<number | undefined> {
  // As in a run: a graphics card is given steps ahead, a processor computes each before the next.
  const ahead = getBackend() === 'webgpu' || getBackend() === 'webgl' ? 4 : 1;
  const batch = anyBatch(config.imageSize, size);
  const times: number[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const steps = round === 0 ? 1 : ahead;
      const began = performance.now();
      for (let step = 0; step < steps; step++) arm.trainStep(batch, 0, config);
      await readTelemetry([arm], false);
      if (round > 0) times.push((performance.now() - began) / steps);
      await nextTask();
      if (stopped()) return undefined;
    }
    return median(times);
  } finally {
    batch.images.dispose();
    batch.labels.dispose();
  }
}

/** Images of one pattern, all of the first person. */
function anyBatch(imageSize: number, size: number): NetworkBatch {
  const bytes = Int32Array.from({ length: Math.ceil((size * imageSize ** 2 * 3) / 4) }, (_, at) => at * 7919);
  const labels: Tensor1D = tensor1d(new Int32Array(size), 'int32');
  const images = tidy(() =>
    facesToBatch(tensor1d(bytes, 'int32'), tensor2d(new Int32Array(3 * size), [size, 3], 'int32'), [
      size,
      imageSize,
      imageSize,
      3,
    ]),
  );
  return { images, labels };
}
