import type { KernelSet } from '../kernel-names.ts';
import { batchNorm, batchNormInfer } from './batch-norm.ts';
import { batchNormGradient } from './batch-norm-grad.ts';
import { convolution } from './conv.ts';
import { convolutionFilterGradient } from './conv-filter-grad.ts';
import { convolutionInputGradient } from './conv-input-grad.ts';
import { dense, denseInputGradient, denseWeightGradient } from './dense.ts';
import { facesToBatch } from './faces-to-batch.ts';
import { marginSoftmax } from './margin-softmax.ts';
import { movingAverage } from './moving-average.ts';
import { normalizeRows, normalizeRowsGradient } from './normalize-rows.ts';
import { sgdStep } from './sgd-step.ts';

/** Every kernel as WGSL programs of our own, run through tfjs's own queue. */
export async function loadKernels(): Promise<KernelSet> {
  return {
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
}
