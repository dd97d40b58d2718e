import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flagsOf, inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { type Heap, sizeOf } from './heap.ts';
import type { WasmKernels } from './module.ts';

/** SgdStep, into new tensors: a weight may have another owner, such as an arm that started from the same one. */
export function sgdStep(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo[] {
  const clipped = flagsOf(call, 'clipped');
  const factor = clipFactor(kernels, call, heap, clipped);
  const learningRate = numberOf(call, 'learningRate');
  const momentum = numberOf(call, 'momentum');
  const weightDecay = numberOf(call, 'weightDecay');
  const decayed = flagsOf(call, 'decayed');
  return clipped.flatMap((clips, index) => {
    const { shape } = inputOf(call, `w${index}`);
    const [weight, velocity] = [heap.output(shape), heap.output(shape)];
    kernels.sgdStep(
      heap.input(`w${index}`),
      heap.input(`g${index}`),
      heap.input(`v${index}`),
      sizeOf(shape),
      learningRate,
      momentum,
      decayed[index] ? weightDecay : 0,
      clips ? factor : 1,
      heap.at(weight),
      heap.at(velocity),
    );
    return [weight, velocity];
  });
}

/** The factor of torch.nn.utils.clip_grad_norm_; 1 where nothing is clipped. */
function clipFactor(kernels: WasmKernels, call: KernelCall, heap: Heap, clipped: readonly boolean[]): number {
  const clipNorm = numberOf(call, 'clipNorm');
  if (clipNorm === 0) return 1;
  let squares = 0;
  for (const [index, clips] of clipped.entries()) {
    if (clips) squares += kernels.sumOfSquares(heap.input(`g${index}`), sizeOf(inputOf(call, `g${index}`).shape));
  }
  return Math.min(1, clipNorm / (Math.sqrt(squares) + 1e-6));
}

/** MovingAverage. */
export function movingAverage(kernels: WasmKernels, call: KernelCall, heap: Heap): TensorInfo[] {
  const rate = numberOf(call, 'rate');
  return numbersOf(call, 'factors').map((factor, index) => {
    const { shape } = inputOf(call, `a${index}`);
    const average = heap.output(shape);
    const [a, b] = [heap.input(`a${index}`), heap.input(`b${index}`)];
    kernels.scaledSum(a, 1 - rate, b, rate * factor, sizeOf(shape), heap.at(average));
    return average;
  });
}
