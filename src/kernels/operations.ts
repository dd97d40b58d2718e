/*
 * The operations training spends its time in. Each is a tfjs kernel of its own, registered for every backend
 * (`runKernel` finds the implementation), with its gradient registered too, so that `variableGrads` works through
 * them and no caller asks which backend runs. All tensors are float32, channels last, unless said otherwise.
 * Call `registerKernels(backend)` of register.ts once before the first use.
 */
export { type AfterBatchNorm, batchNormInfer, batchNormTrain } from './batch-norm.ts';
export { conv2d } from './conv.ts';
export { dense } from './dense.ts';
export { facesToBatch } from './faces-to-batch.ts';
export { type MarginHead, marginLoss } from './margin-loss.ts';
export { movingAverage } from './moving-average.ts';
export { sgdStep } from './sgd.ts';
