import {
  abs,
  add,
  argMax,
  cast,
  clipByValue,
  div,
  equal,
  exp,
  lessEqual,
  log,
  max,
  maximum,
  mean,
  mul,
  oneHot,
  relu,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';
import { type KernelCall, numberOf, tensorOf, textOf } from '../kernel-call.ts';

/** Below this length a row is divided by it instead, as F.normalize does. */
const SHORTEST = 1e-12;

/** Least sine in the literal ArcFace gradient cos(m) + cos / sin * sin(m), which has no bound at cos = 1. */
export const LEAST_SINE = 1e-4;

/** NormalizeRows. */
export function normalizeRows(call: KernelCall): Tensor {
  return tidy(() => {
    const x = tensorOf<Tensor2D>(call, 'x');
    return div(x, lengths(x));
  });
}

/** NormalizeRowsGrad: (dy - y * (dy . y)) / |x|. */
export function normalizeRowsGradient(call: KernelCall): Tensor {
  return tidy(() => {
    const x = tensorOf<Tensor2D>(call, 'x');
    const dy = tensorOf<Tensor2D>(call, 'dy');
    const length = lengths(x);
    const y = div(x, length);
    return div(sub(dy, mul(y, sum(mul(dy, y), 1, true))), length);
  });
}

/** MarginSoftmax. */
export function marginSoftmax(call: KernelCall): Tensor[] {
  return tidy(() => {
    const raw = tensorOf<Tensor2D>(call, 'cosine');
    const labels = tensorOf<Tensor1D>(call, 'labels');
    const [count, classes] = raw.shape;
    const scale = numberOf(call, 'scale');
    const own = cast(reshape(oneHot(labels, classes), [count, classes]), 'float32');
    const cosine = clipByValue(raw, -1, 1);

    const { shifted, slope } = withMargin(call, cosine);
    const logits = mul(add(cosine, mul(own, sub(shifted, cosine))), scale);
    const highest = max(logits, 1, true);
    const powers = exp(sub(logits, highest));
    const total = sum(powers, 1, true);
    const losses = sub(add(log(total), highest), sum(mul(own, logits), 1, true));

    const dLogits = mul(sub(div(powers, total), own), scale / count);
    const inRange = cast(lessEqual(abs(raw), 1), 'float32');
    const withSlope = slope === undefined ? dLogits : mul(dLogits, add(mul(own, sub(slope, 1)), 1));
    const right = cast(equal(argMax(raw, 1), labels), 'float32');
    return [mean(losses), mean(right), mul(withSlope, inRange)];
  });
}

/** The cosine after the margin, and its derivative by the cosine where that is not one. */
function withMargin(call: KernelCall, cosine: Tensor2D): { shifted: Tensor; slope?: Tensor } {
  const margin = numberOf(call, 'margin');
  switch (textOf(call, 'kind')) {
    case 'arcface': {
      // cos(theta + m) by the addition theorem: no arccos, which loses digits near 1.
      const sine = sqrt(relu(sub(1, square(cosine))));
      const shifted = sub(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin)));
      if (textOf(call, 'gradient') === 'insightface') return { shifted };
      return { shifted, slope: add(mul(div(cosine, maximum(sine, LEAST_SINE)), Math.sin(margin)), Math.cos(margin)) };
    }
    case 'cosface':
      return { shifted: sub(cosine, margin) };
    default:
      return { shifted: cosine };
  }
}

function lengths(x: Tensor2D): Tensor {
  return maximum(sqrt(sum(square(x), 1, true)), SHORTEST);
}
