import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { type AfterBatchNorm, conv2d, dense } from '../kernels/operations.ts';
import type { Architecture, PlainBlock, ResidualBlock } from './architecture.ts';
import { EMBEDDING_NAME, EMBEDDING_NORM, TAIL_NORM } from './parameters.ts';
import type { TensorStore } from './tensor-store.ts';

/** Batch norm by its name: with the batch's statistics in training, with the moving ones in inference. */
export type Normalise = <T extends Tensor>(x: T, name: string, then?: AfterBatchNorm) => T;

/** Images [N,S,S,3] -> embeddings [N,D], not normalised. `drop` is applied before the dense layer, as in InsightFace. */
export function embeddingsOf(
  architecture: Architecture,
  tensors: TensorStore,
  normalise: Normalise,
  images: Tensor4D,
  drop: (x: Tensor4D) => Tensor4D = (x) => x,
): Tensor2D {
  let x = plainForward(architecture.stem, tensors, normalise, images);
  for (const block of architecture.body) {
    x =
      block.kind === 'plain'
        ? plainForward(block, tensors, normalise, x)
        : residualForward(block, tensors, normalise, x);
  }
  if (architecture.tail) x = normalise(x, TAIL_NORM);
  return normalise(dense(drop(x), tensors.get<Tensor2D>(EMBEDDING_NAME)), EMBEDDING_NORM);
}

function plainForward(block: PlainBlock, tensors: TensorStore, normalise: Normalise, x: Tensor4D): Tensor4D {
  const { name, stride, kernelSize } = block;
  const y = conv2d(x, tensors.get<Tensor4D>(`${name}.conv.weight`), { stride, pad: (kernelSize - 1) / 2 });
  return normalise(y, `${name}.bn`, { slope: tensors.get<Tensor1D>(`${name}.prelu.weight`) });
}

function residualForward(block: ResidualBlock, tensors: TensorStore, normalise: Normalise, x: Tensor4D): Tensor4D {
  const { name, stride, projected } = block;
  const inner = conv2d(normalise(x, `${name}.bn1`), tensors.get<Tensor4D>(`${name}.conv1.weight`), {
    stride: 1,
    pad: 1,
  });
  const activated = normalise(inner, `${name}.bn2`, { slope: tensors.get<Tensor1D>(`${name}.prelu.weight`) });
  const outer = conv2d(activated, tensors.get<Tensor4D>(`${name}.conv2.weight`), { stride, pad: 1 });
  const residual = projected
    ? normalise(
        conv2d(x, tensors.get<Tensor4D>(`${name}.downsample.0.weight`), { stride, pad: 0 }),
        `${name}.downsample.1`,
      )
    : x;
  return normalise(outer, `${name}.bn3`, { residual });
}
