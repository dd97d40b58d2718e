import type { KernelSet } from '../kernel-names.ts';
import { batchNorm, batchNormInfer } from './batch-norm.ts';
import { batchNormGradient } from './batch-norm-grad.ts';
import { convolution } from './conv.ts';
import { convolutionFilterGradient } from './conv-filter-grad.ts';
import { convolutionInputGradient } from './conv-input-grad.ts';
import { dense, denseInputGradient, denseWeightGradient } from './dense.ts';

/** Kernels as WGSL programs of our own; what is not among them comes from stock operations. */
export async function loadKernels(): Promise<Partial<KernelSet>> {
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
  };
}
