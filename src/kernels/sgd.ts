import type { Tensor } from '@tensorflow/tfjs-core';
import { runKernelForAll, tensorAt } from './run-kernel.ts';

/** A parameter at a step; all three of one shape. */
export interface SgdParameter {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  readonly velocity: Tensor;
  /** Whether the gradient counts in the global norm and is scaled by the clip. */
  readonly clipped: boolean;
  /** Whether weight decay pulls it towards zero. */
  readonly decayed: boolean;
}

export interface SgdSettings {
  readonly learningRate: number;
  readonly momentum: number;
  /** L2 of the decayed parameters, added to the gradient after the clip, as torch.optim.SGD does. */
  readonly weightDecay: number;
  /** Largest global L2 norm of the clipped parameters' gradients; 0 switches the clip off. */
  readonly clipNorm: number;
}

/**
 * torch.nn.utils.clip_grad_norm_ over the clipped parameters, then torch.optim.SGD with momentum, and L2 where it is asked for.
 * Returns the new weight and velocity of each parameter, in order; they may share storage with the old ones.
 */
export function sgdStep(
  parameters: readonly SgdParameter[],
  settings: SgdSettings,
): readonly { readonly weight: Tensor; readonly velocity: Tensor }[] {
  const inputs = Object.fromEntries(
    parameters.flatMap(({ weight, gradient, velocity }, index) => [
      [`w${index}`, weight],
      [`g${index}`, gradient],
      [`v${index}`, velocity],
    ]),
  );
  const clipped = parameters.map((parameter) => parameter.clipped);
  const decayed = parameters.map((parameter) => parameter.decayed);
  const outputs = runKernelForAll('SgdStep', inputs, { ...settings, clipped, decayed });
  return parameters.map((_, index) => ({
    weight: tensorAt(outputs, 2 * index),
    velocity: tensorAt(outputs, 2 * index + 1),
  }));
}
