import { mul, registerGradient, type Scalar, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { dense } from './dense.ts';
import { runKernel, runKernelForAll, tensorAt } from './run-kernel.ts';

export interface MarginHead {
  readonly kind: 'arcface' | 'cosface' | 'softmax';
  readonly scale: number;
  /** Radians for ArcFace, cosine for CosFace, unused by the plain softmax. */
  readonly margin: number;
  /** `insightface`: d loss / d cosine = scale * (p - y) / N, the margin carries no gradient of its own. */
  readonly gradient: 'insightface' | 'literal';
}

/** x [N,D] -> x / max(|x|, 1e-12), row by row, as in PyTorch's F.normalize. Differentiable. */
export function normalizeRows(x: Tensor2D): Tensor2D {
  return runKernel('NormalizeRows', { x });
}

/**
 * Normalises both, takes cosines (clamped to [-1, 1]), adds the margin, scales, softmax cross-entropy, mean over the batch.
 * embeddings [N,D], classCentres [K,D], labels int32 [N] -> loss scalar, accuracy scalar (share of the batch whose own
 * class has the highest cosine, before the margin). Differentiable in embeddings and classCentres.
 * ArcFace: Deng et al. 2019; its `insightface` gradient as recognition/arcface_torch/losses.py has it, where the margin
 * is added under no_grad. CosFace: Wang et al. 2018.
 */
export function marginLoss(
  embeddings: Tensor2D,
  classCentres: Tensor2D,
  labels: Tensor1D,
  head: MarginHead,
): { readonly loss: Scalar; readonly accuracy: Scalar } {
  const cosine = dense(normalizeRows(embeddings), normalizeRows(classCentres));
  const outputs = runKernelForAll('MarginSoftmax', { cosine, labels }, { ...head });
  return { loss: tensorAt(outputs, 0), accuracy: tensorAt(outputs, 1) };
}

registerGradient({
  kernelName: 'NormalizeRows',
  inputsToSave: ['x'],
  gradFunc: (dys, saved) => ({
    x: () => runKernel('NormalizeRowsGrad', { dy: tensorAt([dys].flat(), 0), x: tensorAt(saved, 0) }),
  }),
});

registerGradient({
  kernelName: 'MarginSoftmax',
  outputsToSave: [false, false, true],
  gradFunc: (dys, saved) => ({ cosine: () => mul(tensorAt(saved, 0), tensorAt([dys].flat(), 0)) }),
});
