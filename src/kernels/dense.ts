import { registerGradient, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { runKernel, tensorAt } from './run-kernel.ts';

/**
 * x [N,...] flattened to [N,I], times w [O,I] transposed -> [N,O]; rows of w are outputs, as in PyTorch.
 * Differentiable in both. Throws where the sizes do not fit.
 */
export function dense(x: Tensor, w: Tensor2D): Tensor2D {
  if (x.size !== (x.shape[0] ?? 0) * w.shape[1]) {
    throw new Error(`Weights [${w.shape}] do not fit an input [${x.shape}] flattened to [${x.shape[0]}, ...].`);
  }
  return runKernel('Dense', { x, w });
}

registerGradient({
  kernelName: 'Dense',
  inputsToSave: ['x', 'w'],
  gradFunc: (dys, saved) => {
    const dy = tensorAt([dys].flat(), 0);
    const x = tensorAt(saved, 0);
    const w = tensorAt(saved, 1);
    return {
      x: () => runKernel('DenseInputGrad', { dy, w }, { inputShape: x.shape }),
      w: () => runKernel('DenseWeightGrad', { x, dy }),
    };
  },
});
