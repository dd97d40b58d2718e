import type { TensorInfo } from '@tensorflow/tfjs-core';
import { flagsOf, inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { beginOf, type Chunk } from './chunk.ts';
import { type Heap, sizeOf } from './heap.ts';
import type { Pointer, WasmKernels } from './module.ts';
import type { ThreadTeam } from './team.ts';

/** Parameters below which an update is quicker on one thread. */
const WORTH_SHARING = 32_768;

/** SgdStep, into new tensors: a weight may have another owner, such as an arm that started from the same one. */
export function sgdStep(team: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo[] {
  const clipped = flagsOf(call, 'clipped');
  const factor = clipFactor(team.kernels, call, heap, clipped);
  const rates = [numberOf(call, 'learningRate'), numberOf(call, 'momentum')] as const;
  const weightDecay = numberOf(call, 'weightDecay');
  const decayed = flagsOf(call, 'decayed');
  return clipped.flatMap((clips, index) => {
    const { shape } = inputOf(call, `w${index}`);
    const [weight, velocity] = [heap.output(shape), heap.output(shape)];
    const [w, g, v] = [heap.input(`w${index}`), heap.input(`g${index}`), heap.input(`v${index}`)];
    const length = sizeOf(shape);
    const shares = length < WORTH_SHARING ? 1 : team.size;
    const factors = [decayed[index] ? weightDecay : 0, clips ? factor : 1] as const;
    team.run(stepWeights, [w, g, v, length, ...rates, ...factors, heap.at(weight), heap.at(velocity), shares], shares);
    return [weight, velocity];
  });
}

/** One share of a parameter's numbers, in whole vectors. */
export function stepWeights(
  { kernels, index }: Chunk,
  w: Pointer,
  g: Pointer,
  v: Pointer,
  length: number,
  learningRate: number,
  momentum: number,
  weightDecay: number,
  clip: number,
  newW: Pointer,
  newV: Pointer,
  shares: number,
): void {
  const fours = Math.ceil(length / 4);
  const at = 16 * beginOf(index, shares, fours);
  const count = Math.min(length, 4 * beginOf(index + 1, shares, fours)) - at / 4;
  kernels.sgdStep(w + at, g + at, v + at, count, learningRate, momentum, weightDecay, clip, newW + at, newV + at);
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
export function movingAverage({ kernels }: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo[] {
  const rate = numberOf(call, 'rate');
  return numbersOf(call, 'factors').map((factor, index) => {
    const { shape } = inputOf(call, `a${index}`);
    const average = heap.output(shape);
    const [a, b] = [heap.input(`a${index}`), heap.input(`b${index}`)];
    kernels.scaledSum(a, 1 - rate, b, rate * factor, sizeOf(shape), heap.at(average));
    return average;
  });
}
