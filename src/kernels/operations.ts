import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

/*
 * The operations training spends its time in. Each is a tfjs kernel of its own, registered for every backend
 * (`runKernel` finds the implementation), with its gradient registered too, so that `variableGrads` works through
 * them and no caller asks which backend runs. All tensors are float32, channels last, unless said otherwise.
 */

/** Padding is the same on all four sides: out = floor((in + 2 * pad - k) / stride) + 1, as in PyTorch. */
export interface ConvolutionGeometry {
  readonly stride: 1 | 2;
  readonly pad: number;
}

/** x [N,H,W,C] * w [k,k,C,F] -> [N,H',W',F]. Differentiable in both. */
export type Conv2D = (x: Tensor4D, w: Tensor4D, geometry: ConvolutionGeometry) => Tensor4D;

/**
 * Batch norm in training mode (statistics of this batch over all but the last axis, population variance), then either
 * a PReLU with one slope a channel, or the sum with a residual, or neither.
 * Differentiable in x, gamma, beta, slope and residual; mean and variance are for the moving statistics.
 */
export type BatchNormTrain = (
  x: Tensor,
  parameters: { readonly gamma: Tensor1D; readonly beta: Tensor1D; readonly epsilon: number },
  then?: { readonly slope: Tensor1D } | { readonly residual: Tensor },
) => { readonly y: Tensor; readonly mean: Tensor1D; readonly variance: Tensor1D };

/** The same with moving statistics, for inference; not differentiable. */
export type BatchNormInfer = (
  x: Tensor,
  parameters: {
    readonly gamma: Tensor1D;
    readonly beta: Tensor1D;
    readonly mean: Tensor1D;
    readonly variance: Tensor1D;
    readonly epsilon: number;
  },
  then?: { readonly slope: Tensor1D } | { readonly residual: Tensor },
) => Tensor;

export interface MarginHead {
  readonly kind: 'arcface' | 'cosface' | 'softmax';
  readonly scale: number;
  /** Radians for ArcFace, cosine for CosFace, unused by the plain softmax. */
  readonly margin: number;
  /** `insightface`: d loss / d cosine = scale * (p - y) / N, the margin carries no gradient of its own. */
  readonly gradient: 'insightface' | 'literal';
}

/**
 * Normalises both, takes cosines (clamped to [-1, 1]), adds the margin, scales, softmax cross-entropy, mean over the batch.
 * embeddings [N,D], classCentres [K,D], labels int32 [N] -> loss scalar, accuracy scalar (highest cosine, before margin).
 * Differentiable in embeddings and classCentres.
 */
export type MarginLoss = (
  embeddings: Tensor2D,
  classCentres: Tensor2D,
  labels: Tensor1D,
  head: MarginHead,
) => { readonly loss: Tensor; readonly accuracy: Tensor };

/**
 * Uint8 faces to a training batch on the device: (v / 255 - 0.5) / 0.5, mirrored and moved with the edge repeated.
 * `packed` int32 [ceil(N*S*S*3 / 4)]: the bytes of [N,S,S,3], four to a number, little-endian.
 * `placement` int32 [N,3]: mirrored (0 or 1), then pixels moved right and down (applied after mirroring).
 */
export type FacesToBatch = (
  packed: Tensor1D,
  placement: Tensor2D,
  shape: readonly [number, number, number, number],
) => Tensor4D;
