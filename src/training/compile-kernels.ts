import { tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { RunConfig } from '../config/run-config.ts';
import { compileAhead } from '../kernels/compile-ahead.ts';
import { facesToBatch } from '../kernels/operations.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { trainedPeople } from '../verification/held-out-people.ts';

/**
 * Compiles the kernels of a run on synthetic faces, whose number is known before they are drawn. Resolves when the first
 * step would find them all; until then nothing else may be run.
 */
export async function compileKernels(config: RunConfig): Promise<void> {
  if (config.faces === 'synthetic') await compileAhead(() => throwawayStep(config));
}

/** Enqueues all that the first step of a run enqueues, on a network that is thrown away. */
export function throwawayStep(config: RunConfig): void {
  const { batchSize, imageSize, identities, heldOutShare } = config;
  const shape = [batchSize, imageSize, imageSize, 3] as const;
  const architecture = architectureOf(config, trainedPeople(identities, heldOutShare));
  tidy(() => {
    const network = FaceNetwork.blank(architecture, recipeOf(config));
    const packed = tensor1d(new Int32Array(Math.ceil((batchSize * imageSize * imageSize * 3) / 4)), 'int32');
    const placement = tensor2d(new Int32Array(3 * batchSize), [batchSize, 3], 'int32');
    const labels = tensor1d(new Int32Array(batchSize), 'int32');
    const dropout = config.dropout === 0 ? undefined : { share: config.dropout, uniform: () => 0 };
    network.trainStep({ images: facesToBatch(packed, placement, [...shape]), labels }, 0, { dropout });
    network.telemetry();
    network.telemetry({ kernel: true });
    network.dispose();
  });
}
