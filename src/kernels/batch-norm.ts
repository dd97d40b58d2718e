import { clone, type NamedAttrMap, registerGradient, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { runKernel, runKernelForAll, tensorAt } from './run-kernel.ts';

/**
 * The operation fused behind the batch norm in the same kernel: a PReLU with one slope a channel [C], or the sum with a
 * residual.
 */
export type AfterBatchNorm = { readonly slope: Tensor1D } | { readonly residual: Tensor };

/**
 * Batch norm in training mode (statistics of this batch over all but the last axis, population variance), then either
 * a PReLU with one slope a channel, or the sum with a residual, or neither. x [...,C], all else [C].
 * Differentiable in x, gamma, beta, slope and residual; mean and variance [C] are for the moving statistics.
 */
export function batchNormTrain<T extends Tensor>(
  x: T,
  parameters: { readonly gamma: Tensor1D; readonly beta: Tensor1D; readonly epsilon: number },
  then?: AfterBatchNorm,
): { readonly y: T; readonly mean: Tensor1D; readonly variance: Tensor1D } {
  const { gamma, beta, epsilon } = parameters;
  const inputs = { x, gamma, beta };
  const outputs =
    then === undefined
      ? runKernelForAll('BatchNorm', inputs, { epsilon })
      : 'slope' in then
        ? runKernelForAll('BatchNormPRelu', { ...inputs, slope: then.slope }, { epsilon })
        : runKernelForAll('BatchNormAdd', { ...inputs, residual: then.residual }, { epsilon });
  return { y: tensorAt(outputs, 0), mean: tensorAt(outputs, 1), variance: tensorAt(outputs, 2) };
}

/** The same with moving statistics, for inference; not differentiable. */
export function batchNormInfer<T extends Tensor>(
  x: T,
  parameters: {
    readonly gamma: Tensor1D;
    readonly beta: Tensor1D;
    readonly mean: Tensor1D;
    readonly variance: Tensor1D;
    readonly epsilon: number;
  },
  then?: AfterBatchNorm,
): T {
  const { epsilon, ...tensors } = parameters;
  return runKernel('BatchNormInfer', { x, ...tensors, ...then }, { epsilon });
}

const SAVED = { inputsToSave: ['x', 'gamma', 'beta'], outputsToSave: [false, true, true] };

/** Runs BatchNormGrad for dy of y; nothing flows back through mean and variance. */
function plainGradient(dys: Tensor | Tensor[], saved: Tensor[], attrs: NamedAttrMap) {
  const dy = tensorAt([dys].flat(), 0);
  const [x, gamma, mean, variance] = [0, 1, 3, 4].map((index) => tensorAt(saved, index));
  if (!(x && gamma && mean && variance)) throw new Error('Batch norm saved too few tensors.');
  const gradients = runKernelForAll('BatchNormGrad', { dy, x, mean, variance, gamma }, attrs);
  return {
    dy,
    x: () => tensorAt(gradients, 0),
    gamma: () => tensorAt(gradients, 1),
    beta: () => tensorAt(gradients, 2),
  };
}

registerGradient({
  kernelName: 'BatchNorm',
  ...SAVED,
  gradFunc: (dys, saved, attrs) => {
    const { x, gamma, beta } = plainGradient(dys, saved, attrs);
    return { x, gamma, beta };
  },
});

registerGradient({
  kernelName: 'BatchNormAdd',
  ...SAVED,
  gradFunc: (dys, saved, attrs) => {
    const { dy, x, gamma, beta } = plainGradient(dys, saved, attrs);
    // A clone, as the tape disposes its summands and dy still has other readers.
    return { x, gamma, beta, residual: () => clone(dy) };
  },
});

registerGradient({
  kernelName: 'BatchNormPRelu',
  inputsToSave: [...SAVED.inputsToSave, 'slope'],
  outputsToSave: SAVED.outputsToSave,
  gradFunc: (dys, saved, attrs) => {
    const dy = tensorAt([dys].flat(), 0);
    const [x, gamma, beta, slope, mean, variance] = saved;
    if (!(x && gamma && beta && slope && mean && variance)) throw new Error('Batch norm saved too few tensors.');
    const gradients = runKernelForAll('BatchNormPReluGrad', { dy, x, mean, variance, gamma, beta, slope }, attrs);
    return {
      x: () => tensorAt(gradients, 0),
      gamma: () => tensorAt(gradients, 1),
      beta: () => tensorAt(gradients, 2),
      slope: () => tensorAt(gradients, 3),
    };
  },
});
