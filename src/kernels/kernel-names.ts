import type { KernelFunc } from '@tensorflow/tfjs-core';

/*
 * The kernels training runs on, by the names `registerKernel` and `runKernel` know them by. All tensors are float32
 * and channels last unless said otherwise; [..., C] is any rank, the last axis being channels, and M its other axes'
 * product. Every sum is to run in one fixed order, so that a run repeats bit for bit. Kernels own no tensors after
 * they return: they dispose all that they allocate besides their outputs.
 *
 *   FaceConv2D            x [N,H,W,C], w [k,k,C,F]; attrs stride, pad               -> y [N,H',W',F]
 *   FaceConv2DInputGrad   dy [N,H',W',F], w; attrs stride, pad, inputShape           -> dx, of inputShape [N,H,W,C]
 *   FaceConv2DFilterGrad  x, dy; attrs stride, pad, kernelSize                       -> dw [k,k,C,F]
 *     pad is the same on all four sides; H' = floor((H + 2 * pad - k) / stride) + 1.
 *
 *   BatchNorm             x [...,C], gamma [C], beta [C]; attrs epsilon              -> y, mean [C], variance [C]
 *   BatchNormPRelu        the same and slope [C]                                     -> y, mean, variance
 *   BatchNormAdd          the same and residual [...,C]                              -> y, mean, variance
 *     z = gamma * (x - mean) / sqrt(variance + epsilon) + beta, variance = mean of (x - mean)^2, taken about the mean
 *     or a shift near it, so that a large mean costs no digits. y = z, z > 0 ? z : slope * z, or z + residual.
 *   BatchNormGrad         dy, x, mean, variance, gamma; attrs epsilon                -> dx, dgamma, dbeta
 *   BatchNormPReluGrad    dy, x, mean, variance, gamma, beta, slope; attrs epsilon   -> dx, dgamma, dbeta, dslope
 *     BatchNormAdd's gradient is BatchNormGrad, and dy itself for the residual.
 *   BatchNormInfer        x, gamma, beta, mean, variance, slope or residual or neither; attrs epsilon -> y
 *
 *   Dense                 x [N,...], w [O,I], I the product of x's other axes        -> y [N,O] = x w'
 *   DenseInputGrad        dy [N,O], w; attrs inputShape                              -> dx, of inputShape
 *   DenseWeightGrad       x, dy                                                      -> dw [O,I]
 *
 *   NormalizeRows         x [N,D]                            -> y = x / max(|x|, 1e-12), row by row
 *   NormalizeRowsGrad     dy, x                              -> dx
 *   MarginSoftmax         cosine [N,K], labels int32 [N]; attrs kind, scale, margin, gradient (see MarginHead)
 *                                                            -> loss [], accuracy [], dCosine [N,K] = d loss / d cosine
 *
 *   SgdStep               w0, g0, v0, w1, g1, v1, ...; attrs learningRate, momentum, weightDecay, clipNorm (0: no
 *                         clip), clipped, decayed (booleans, by parameter)           -> w0, v0, w1, v1, ...
 *     norm = L2 norm of all clipped gradients together, c = min(1, clipNorm / (norm + 1e-6));
 *     g = (clipped ? c * g : g) + (decayed ? weightDecay * w : 0); v = momentum * v + g; w = w - learningRate * v.
 *     An output may share its input's storage (the update in place): return the input's dataId after incRef.
 *   MovingAverage         a0, b0, a1, b1, ...; attrs rate, factors (by pair)         -> a0, a1, ...
 *     a = a + rate * (factor * b - a). May share storage as above.
 *
 *   FacesToBatch          packed int32 [ceil(N*S*S*3/4)], placement int32 [N,3]; attrs shape [N,S,S,3] -> float32 shape
 *
 * learningRate and the other numbers of SgdStep and MovingAverage change from step to step: uniforms, not constants of
 * a shader.
 */
export const KERNEL_NAMES = [
  'FaceConv2D',
  'FaceConv2DInputGrad',
  'FaceConv2DFilterGrad',
  'BatchNorm',
  'BatchNormPRelu',
  'BatchNormAdd',
  'BatchNormGrad',
  'BatchNormPReluGrad',
  'BatchNormInfer',
  'Dense',
  'DenseInputGrad',
  'DenseWeightGrad',
  'NormalizeRows',
  'NormalizeRowsGrad',
  'MarginSoftmax',
  'SgdStep',
  'MovingAverage',
  'FacesToBatch',
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

/** Implementations by name, for one backend. */
export type KernelSet = Readonly<Record<KernelName, KernelFunc>>;
