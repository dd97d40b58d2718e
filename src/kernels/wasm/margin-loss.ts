import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LEAST_SINE } from '../composed/margin-loss.ts';
import { inputOf, type KernelCall, numberOf, textOf } from '../kernel-call.ts';
import { type Heap, sizeOf } from './heap.ts';
import type { ThreadTeam } from './team.ts';

/** NormalizeRows. */
export function normalizeRows({ kernels }: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const [rows = 0, columns = 0] = inputOf(call, 'x').shape;
  const y = heap.output([rows, columns]);
  kernels.normalizeRows(heap.input('x'), rows, columns, heap.at(y));
  return y;
}

/** NormalizeRowsGrad. */
export function normalizeRowsGradient({ kernels }: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo {
  const [rows = 0, columns = 0] = inputOf(call, 'x').shape;
  const dx = heap.output([rows, columns]);
  kernels.normalizeRowsGradient(heap.input('dy'), heap.input('x'), rows, columns, heap.at(dx));
  return dx;
}

/**
 * MarginSoftmax, in JavaScript on the heap: WebAssembly has no exp of its own, and the engine's is fast. Sums are in
 * doubles.
 */
export function marginSoftmax(_: ThreadTeam, call: KernelCall, heap: Heap): TensorInfo[] {
  const cosine = inputOf(call, 'cosine');
  const [count = 0, classes = 0] = cosine.shape;
  const scale = numberOf(call, 'scale');
  const outputs = [heap.output([]), heap.output([]), heap.output(cosine.shape)] as const;
  // Views after the last allocation: growth of the heap would take them away.
  const [lossOut, accuracyOut, gradients] = [heap.floats(outputs[0]), heap.floats(outputs[1]), heap.floats(outputs[2])];
  const cosines = heap.floats(cosine);
  const labels = heap.integers(inputOf(call, 'labels'));
  if (sizeOf(cosine.shape) !== cosines.length) throw new Error('Cosines must be [N, K].');

  let loss = 0;
  let right = 0;
  for (let row = 0; row < count; row++) {
    const from = row * classes;
    const label = labels[row] ?? -1;
    const { shifted, slope } = withMargin(call, clamp(cosines[from + label] ?? Number.NaN));
    let best = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < classes; index++) {
      const raw = cosines[from + index] ?? 0;
      if (raw > (cosines[from + best] ?? 0)) best = index;
      const logit = scale * (index === label ? shifted : clamp(raw));
      if (logit > highest) highest = logit;
    }
    let total = 0;
    for (let index = 0; index < classes; index++) {
      const raw = cosines[from + index] ?? 0;
      const power = Math.exp(scale * (index === label ? shifted : clamp(raw)) - highest);
      gradients[from + index] = power;
      total += power;
    }
    loss += Math.log(total) + highest - scale * shifted;
    if (best === label) right++;
    const share = scale / (count * total);
    for (let index = 0; index < classes; index++) {
      const raw = cosines[from + index] ?? 0;
      const power = gradients[from + index] ?? 0;
      const own = index === label ? (power - total) * slope : power;
      // The clamp lets nothing through beyond its ends; NaN stays NaN, for the session to see.
      gradients[from + index] = Math.abs(raw) > 1 ? 0 : own * share;
    }
  }
  lossOut[0] = loss / count;
  accuracyOut[0] = right / count;
  return [...outputs];
}

function clamp(cosine: number): number {
  return Math.min(1, Math.max(-1, cosine));
}

/** The own class's cosine after the margin, and its derivative by the cosine; see composed/margin-loss.ts. */
function withMargin(call: KernelCall, cosine: number): { readonly shifted: number; readonly slope: number } {
  const margin = numberOf(call, 'margin');
  switch (textOf(call, 'kind')) {
    case 'arcface': {
      const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
      const shifted = cosine * Math.cos(margin) - sine * Math.sin(margin);
      if (textOf(call, 'gradient') === 'insightface') return { shifted, slope: 1 };
      return { shifted, slope: Math.cos(margin) + (cosine / Math.max(sine, LEAST_SINE)) * Math.sin(margin) };
    }
    case 'cosface':
      return { shifted: cosine - margin, slope: 1 };
    default:
      return { shifted: cosine, slope: 1 };
  }
}
