import { armsOf } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { allArms, type StepTime } from '../config/step-cost.ts';
import { architectureOf, multiplyAdds } from '../network/architecture.ts';

/** Forward, gradient by the input, gradient by the weights: an embedding costs a third of a training image. */
const PASSES = 3;

/**
 * Milliseconds of a whole run by the time of one step of one arm: its steps, and the embeddings of held-out faces whenever
 * accuracy is measured. Without the drawing or reading of faces.
 */
export function runDuration(config: RunConfig, step: StepTime, threads?: number): number {
  const { steps, batchSize, verifyEvery } = config;
  const verifications = verifyEvery === 0 ? 1 : Math.ceil(steps / verifyEvery);
  const heldOut = config.identities * config.heldOutShare * config.imagesPerIdentity;
  // Each once, with its mirror image.
  const embedded = 2 * Math.min(heldOut, 2 * config.verifyPairs);
  const armSteps = steps + (verifications * embedded) / (PASSES * batchSize);
  return allArms(armSteps * step.ms, armsOf(config).length, threads);
}

/** The work of a run's steps next to another's: both in multiply-adds, but for a factor. */
export function runWork(config: RunConfig): number {
  const people = Math.round(config.identities * (1 - config.heldOutShare));
  return armsOf(config).length * config.steps * config.batchSize * multiplyAdds(architectureOf(config, people));
}
