import {
  add,
  div,
  greater,
  mean as meanOf,
  mul,
  prelu,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { type KernelCall, numberOf, optionalTensorOf, tensorOf } from '../kernel-call.ts';

/*
 * Everything is done on [M,C] with vectors as [1,C]: tfjs's WebGPU backend is 24 times slower where it broadcasts a
 * rank-1 tensor over a rank-4 one.
 */

/** BatchNorm, BatchNormPRelu, BatchNormAdd: two passes, so that the variance survives a large mean. */
export function batchNorm(call: KernelCall): Tensor[] {
  return tidy(() => {
    const x = rowsOf(tensorOf(call, 'x'));
    const mean = meanOf<Tensor2D>(x, 0, true);
    const variance = meanOf<Tensor2D>(square(sub(x, mean)), 0, true);
    return [finish(call, x, mean, variance), flat(mean), flat(variance)];
  });
}

/** BatchNormInfer. */
export function batchNormInfer(call: KernelCall): Tensor {
  return tidy(() =>
    finish(call, rowsOf(tensorOf(call, 'x')), vectorOf(tensorOf(call, 'mean')), vectorOf(tensorOf(call, 'variance'))),
  );
}

/** BatchNormGrad -> dx, dgamma, dbeta; and BatchNormPReluGrad, where a slope is given -> also dslope. */
export function batchNormGradient(call: KernelCall): Tensor[] {
  return tidy(() => {
    const shape = tensorOf(call, 'x').shape;
    const x = rowsOf(tensorOf(call, 'x'));
    const dy = rowsOf(tensorOf(call, 'dy'));
    const gamma = vectorOf(tensorOf(call, 'gamma'));
    const inverseDeviation = inverseDeviationOf(vectorOf(tensorOf(call, 'variance')), numberOf(call, 'epsilon'));
    const normal = mul(sub(x, vectorOf(tensorOf(call, 'mean'))), inverseDeviation);
    const slope = optionalTensorOf(call, 'slope');

    let dz: Tensor = dy;
    const more: Tensor[] = [];
    if (slope !== undefined) {
      const z = add(mul(normal, gamma), vectorOf(tensorOf(call, 'beta')));
      const positive = greater(z, 0);
      dz = where(positive, dy, mul(dy, vectorOf(slope)));
      more.push(sum(where(positive, zerosLike(z), mul(dy, z)), 0));
    }
    const dbeta = sum(dz, 0, true);
    const dgamma = sum(mul(dz, normal), 0, true);
    // dx = gamma / deviation * (dz - mean of dz - normal * mean of dz * normal): Ioffe and Szegedy 2015, section 3.
    const count = x.shape[0];
    const centred = sub(sub(dz, div(dbeta, count)), mul(normal, div(dgamma, count)));
    const dx = mul(centred, mul(gamma, inverseDeviation));
    return [reshape(dx, shape), flat(dgamma), flat(dbeta), ...more];
  });
}

function finish(call: KernelCall, x: Tensor2D, mean: Tensor2D, variance: Tensor2D): Tensor {
  const normal = mul(sub(x, mean), inverseDeviationOf(variance, numberOf(call, 'epsilon')));
  const z = add(mul(normal, vectorOf(tensorOf(call, 'gamma'))), vectorOf(tensorOf(call, 'beta')));
  const slope = optionalTensorOf(call, 'slope');
  const residual = optionalTensorOf(call, 'residual');
  const y = slope ? prelu(z, vectorOf(slope)) : residual ? add(z, rowsOf(residual)) : z;
  return reshape(y, tensorOf(call, 'x').shape);
}

function inverseDeviationOf(variance: Tensor2D, epsilon: number): Tensor2D {
  return rsqrt(add(variance, epsilon));
}

function rowsOf(x: Tensor): Tensor2D {
  return reshape(x, [-1, x.shape[x.shape.length - 1] ?? 1]);
}

function vectorOf(x: Tensor): Tensor2D {
  return reshape(x, [1, x.size]);
}

function flat(x: Tensor): Tensor {
  return reshape(x, [x.size]);
}
