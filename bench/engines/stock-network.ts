import {
  acos,
  add,
  batchNorm,
  clipByValue,
  conv2d,
  cos,
  customGrad,
  losses,
  matMul,
  moments,
  mul,
  prelu,
  reshape,
  rsqrt,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import type { PlainBlock, ResidualBlock } from '../../src/network/architecture.ts';
import type { Workload } from './workload.ts';

type Weights = ReadonlyMap<string, Tensor>;

/** The loss of a batch, out of stock tfjs operations; the network is that of src/network/forward.ts. */
export function stockLoss({ architecture, recipe }: Workload, weights: Weights, images: Tensor4D, targets: Tensor) {
  const { epsilon } = architecture;
  let x: Tensor = plain(architecture.stem, images);
  for (const block of architecture.body) x = block.kind === 'plain' ? plain(block, x) : residual(block, x);
  if (architecture.tail) x = normalise(x, 'tail.bn');
  const flat = reshape(x, [x.shape[0] ?? 0, architecture.features]);
  const embeddings = normalise(matMul(flat, get<Tensor2D>('embedding.weight'), false, true), 'embedding.bn');
  const cosines = clipByValue(matMul(unitRows(embeddings), unitRows(get('head.weight')), false, true), -1, 1);
  const { kind, scale, margin, gradient } = recipe.head;
  let logits: Tensor = cosines;
  if (kind === 'cosface') logits = sub(cosines, mul(targets, margin));
  if (kind === 'arcface') {
    const widened = (cosine: Tensor) => cos(add(acos(cosine), margin));
    const shifted =
      gradient === 'literal'
        ? widened(cosines)
        : customGrad((cosine) => ({
            // tfjs types the argument as a tensor or the function that saves one.
            value: widened(cosine as Tensor),
            gradFunc: (dy: Tensor) => dy,
          }))(cosines);
    logits = add(cosines, mul(targets, sub(shifted, cosines)));
  }
  return losses.softmaxCrossEntropy(targets, mul(logits, scale)) as Scalar;

  function get<T extends Tensor = Tensor>(name: string): T {
    const found = weights.get(name);
    if (found === undefined) throw new Error(`No weight "${name}".`);
    return found as T;
  }

  function convolve(x: Tensor, name: string, stride: number, pad: number): Tensor4D {
    return conv2d(x as Tensor4D, get<Tensor4D>(`${name}.weight`), stride, pad);
  }

  function normalise(x: Tensor, name: string): Tensor {
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const { mean, variance } = moments(x, axes);
    const gamma = get<Tensor1D>(`${name}.weight`);
    return batchNorm(x, mean as Tensor1D, variance as Tensor1D, get<Tensor1D>(`${name}.bias`), gamma, epsilon);
  }

  function plain({ name, stride, kernelSize }: PlainBlock, x: Tensor): Tensor {
    const y = convolve(x, `${name}.conv`, stride, (kernelSize - 1) / 2);
    return prelu(normalise(y, `${name}.bn`), get(`${name}.prelu.weight`));
  }

  function residual({ name, stride, projected }: ResidualBlock, x: Tensor): Tensor {
    const inner = convolve(normalise(x, `${name}.bn1`), `${name}.conv1`, 1, 1);
    const activated = prelu(normalise(inner, `${name}.bn2`), get(`${name}.prelu.weight`));
    const outer = normalise(convolve(activated, `${name}.conv2`, stride, 1), `${name}.bn3`);
    const skipped = projected ? normalise(convolve(x, `${name}.downsample.0`, stride, 0), `${name}.downsample.1`) : x;
    return add(outer, skipped);
  }
}

function unitRows(x: Tensor): Tensor2D {
  return mul(x, rsqrt(sum(square(x), 1, true)));
}
