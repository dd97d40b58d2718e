import { getGradient, mul, registerGradient, type Tensor, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import type { Uniform } from '../config/random.ts';
import { tensorAt } from '../kernels/run-kernel.ts';
import { sizeOf } from './parameters.ts';

/** Which share of the numbers is left out, and where the draws come from. */
export interface Dropout {
  readonly share: number;
  readonly uniform: Uniform;
}

/** Each number becomes 0 with the probability `share`, else it is scaled up by 1 / (1 - share): torch's nn.Dropout. */
export function dropFeatures(x: Tensor4D, { share, uniform }: Dropout): Tensor4D {
  const kept = 1 / (1 - share);
  const mask = Float32Array.from({ length: sizeOf(x.shape) }, () => (uniform() < share ? 0 : kept));
  return mul(x, tensor4d(mask, x.shape));
}

// tfjs's own gradients are not loaded; where they are, theirs also knows shapes that differ.
if (getGradient('Multiply') === undefined) {
  registerGradient({
    kernelName: 'Multiply',
    inputsToSave: ['a', 'b'],
    gradFunc: (dys, saved) => {
      const dy = tensorAt([dys].flat(), 0);
      const by = (factor: Tensor) => () => mul(dy, factor);
      return { a: by(tensorAt(saved, 1)), b: by(tensorAt(saved, 0)) };
    },
  });
}
