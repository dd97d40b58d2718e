import { backend, memory, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { facesToBatch } from '../kernels/operations.ts';
import { describeOn } from '../kernels/testing/describe-on.ts';
import { compileOnly } from '../kernels/webgpu/compile-only.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { openForTests } from '../network/testing/open-for-tests.ts';
import { trainedPeople } from '../verification/held-out-people.ts';
import { throwawayStep } from './compile-kernels.ts';

/** Small tiles compile sooner. */
const SIZE = 8;
const BATCH = 4;
const CONFIG: RunConfig = {
  ...DEFAULT_CONFIG,
  imageSize: SIZE,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  identities: 9,
  batchSize: BATCH,
};

await describeOn('webgpu', () => {
  test('the first step finds all of its pipelines, and nothing is left of the one that compiled them', async () => {
    await openForTests('webgpu');
    // Not at the top: tfjs registers its backend only where navigator.gpu is there already.
    const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
    const running = backend();
    if (!(running instanceof WebGPUBackend)) return expect.fail('WebGPU does not run');
    const before = { tensors: memory().numTensors, data: running.numDataIds() };
    await compileOnly(() => throwawayStep(CONFIG));
    expect({ tensors: memory().numTensors, data: running.numDataIds() }).toEqual(before);

    const compiled = vi.spyOn(running.device, 'createComputePipeline');
    const people = trainedPeople(CONFIG.identities, CONFIG.heldOutShare);
    const network = FaceNetwork.create(architectureOf(CONFIG, people), recipeOf(CONFIG), 1);
    const telemetry = tidy(() => {
      const bytes = new Int32Array((BATCH * SIZE * SIZE * 3) / 4).map((_, index) => index * 7919);
      const placement = tensor2d(new Int32Array(3 * BATCH), [BATCH, 3], 'int32');
      const images = facesToBatch(tensor1d(bytes, 'int32'), placement, [BATCH, SIZE, SIZE, 3]);
      network.trainStep({ images, labels: tensor1d([0, 1, 2, 3], 'int32') }, 0.1);
      return network.telemetry({ kernel: true });
    });
    expect((await telemetry.data()).every(Number.isFinite)).toBe(true);
    expect(compiled).not.toHaveBeenCalled();
    telemetry.dispose();
    network.dispose();
  });
});
