import { matMul, reshape, type Tensor, type Tensor2D, tidy, transpose } from '@tensorflow/tfjs-core';
import { type KernelCall, numbersOf, tensorOf } from '../kernel-call.ts';

/** Dense. The transposes are explicit because the wasm matMul is ten times slower where it transposes. */
export function dense(call: KernelCall): Tensor {
  return tidy(() => matMul(rowsOf(tensorOf(call, 'x')), transpose(tensorOf<Tensor2D>(call, 'w'))));
}

/** DenseInputGrad. */
export function denseInputGradient(call: KernelCall): Tensor {
  return tidy(() =>
    reshape(matMul(tensorOf<Tensor2D>(call, 'dy'), tensorOf<Tensor2D>(call, 'w')), numbersOf(call, 'inputShape')),
  );
}

/** DenseWeightGrad. */
export function denseWeightGradient(call: KernelCall): Tensor {
  return tidy(() => matMul(transpose(tensorOf<Tensor2D>(call, 'dy')), rowsOf(tensorOf(call, 'x'))));
}

function rowsOf(x: Tensor): Tensor2D {
  return reshape(x, [x.shape[0] ?? 1, -1]);
}
