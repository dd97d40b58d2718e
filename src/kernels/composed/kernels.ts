import type { KernelSet } from '../kernel-names.ts';
import { batchNorm, batchNormGradient, batchNormInfer } from './batch-norm.ts';
import { convolution, convolutionFilterGradient, convolutionInputGradient } from './conv.ts';
import { dense, denseInputGradient, denseWeightGradient } from './dense.ts';
import { facesToBatch } from './faces-to-batch.ts';
import { marginSoftmax, normalizeRows, normalizeRowsGradient } from './margin-loss.ts';
import { movingAverage, sgdStep } from './update.ts';

/**
 * Every kernel out of stock tfjs operations: right on each backend, fast on none. Plain cpu and WebGL run them, and
 * the kernels of the other backends are tested against them.
 */
export const COMPOSED_KERNELS: KernelSet = {
  FaceConv2D: convolution,
  FaceConv2DInputGrad: convolutionInputGradient,
  FaceConv2DFilterGrad: convolutionFilterGradient,
  BatchNorm: batchNorm,
  BatchNormPRelu: batchNorm,
  BatchNormAdd: batchNorm,
  BatchNormGrad: batchNormGradient,
  BatchNormPReluGrad: batchNormGradient,
  BatchNormInfer: batchNormInfer,
  Dense: dense,
  DenseInputGrad: denseInputGradient,
  DenseWeightGrad: denseWeightGradient,
  NormalizeRows: normalizeRows,
  NormalizeRowsGrad: normalizeRowsGradient,
  MarginSoftmax: marginSoftmax,
  SgdStep: sgdStep,
  MovingAverage: movingAverage,
  FacesToBatch: facesToBatch,
};
