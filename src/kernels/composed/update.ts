import { add, div, minimum, mul, type Scalar, sqrt, square, sub, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { flagsOf, type KernelCall, numberOf, numbersOf, tensorOf } from '../kernel-call.ts';

/** SgdStep. */
export function sgdStep(call: KernelCall): Tensor[] {
  return tidy(() => {
    const clipped = flagsOf(call, 'clipped');
    const factor = clipFactor(call, clipped);
    const learningRate = numberOf(call, 'learningRate');
    const momentum = numberOf(call, 'momentum');
    const decayed = flagsOf(call, 'decayed');
    return clipped.flatMap((clips, index) => {
      const weight = tensorOf(call, `w${index}`);
      const weightDecay = decayed[index] ? numberOf(call, 'weightDecay') : 0;
      const gradient = tensorOf(call, `g${index}`);
      const scaled = clips && factor ? mul(gradient, factor) : gradient;
      const velocity = add(mul(tensorOf(call, `v${index}`), momentum), add(scaled, mul(weight, weightDecay)));
      return [sub(weight, mul(velocity, learningRate)), velocity];
    });
  });
}

/** MovingAverage. */
export function movingAverage(call: KernelCall): Tensor[] {
  return tidy(() => {
    const rate = numberOf(call, 'rate');
    return numbersOf(call, 'factors').map((factor, index) => {
      const moving = tensorOf(call, `a${index}`);
      return add(moving, mul(sub(mul(tensorOf(call, `b${index}`), factor), moving), rate));
    });
  });
}

/** The factor of torch.nn.utils.clip_grad_norm_, or undefined where nothing is clipped. */
function clipFactor(call: KernelCall, clipped: readonly boolean[]): Scalar | undefined {
  const clipNorm = numberOf(call, 'clipNorm');
  const squares = clipped.flatMap((clips, index) => (clips ? [sum<Scalar>(square(tensorOf(call, `g${index}`)))] : []));
  if (clipNorm === 0 || squares.length === 0) return undefined;
  // One after the other: addN binds a buffer for each, and WebGPU promises no more than eight.
  const total = squares.reduce((sumSoFar, one) => add(sumSoFar, one));
  return minimum(div(clipNorm, add(sqrt(total), 1e-6)), 1);
}
