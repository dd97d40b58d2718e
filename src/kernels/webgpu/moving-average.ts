import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf, numbersOf } from '../kernel-call.ts';
import { pack, packingOf, unpack } from './packed.ts';
import { dispatch, lanesOf, release, sizeOf, webgpuOf } from './program.ts';

/** Numbers from which on a value is moved alone. The network's are one a channel. */
const LARGE = 1 << 16;

interface Moving {
  readonly moving: TensorInfo;
  readonly observed: TensorInfo;
  readonly factor: number;
}

/** MovingAverage: one dispatch for all small values, one for each large one. */
export function movingAverage(call: KernelCall): TensorInfo[] {
  const backend = webgpuOf(call);
  const rate = numberOf(call, 'rate');
  const values = numbersOf(call, 'factors').map(
    (factor, index): Moving => ({ moving: inputOf(call, `a${index}`), observed: inputOf(call, `b${index}`), factor }),
  );
  const together = values.filter(({ moving }) => sizeOf(moving) < LARGE);
  const moved = new Map<Moving, TensorInfo>();
  const results = together.length < 2 ? [] : moveTogether(backend, together, rate);
  for (const [index, result] of results.entries()) {
    const value = together[index];
    if (value) moved.set(value, result);
  }
  return values.map((value) => moved.get(value) ?? moveAlone(backend, value, rate));
}

function moveTogether(backend: WebGPUBackend, values: readonly Moving[], rate: number): TensorInfo[] {
  const moving = values.map((value) => value.moving);
  const packing = packingOf(moving);
  const packed = pack(backend, packing, [moving, values.map(({ observed }) => observed)]);
  const [a, b] = packed;
  if (!(a && b)) throw new Error('Two lists were to be packed.');
  const result = dispatch(backend, {
    name: 'MovingAverages',
    constants: { starts: packing.starts },
    code: averagesOf,
    inputs: { a: { tensor: a }, b: { tensor: b } },
    uniforms: { rate, ...Object.fromEntries(values.map(({ factor }, index) => [`factor${index}`, factor])) },
    invocations: packing.length,
    outputShape: [packing.length],
  });
  const shapes = moving.map(({ shape }) => shape);
  const [moved = []] = unpack(backend, result, packing, shapes);
  release(backend, a, b, result);
  return moved;
}

/** The factor is that of the last value that starts at or before the number. */
function averagesOf({ starts }: { readonly starts: readonly number[] }): string {
  const later = starts
    .slice(1)
    .map((start, index) => `factor = select(factor, uniforms.factor${index + 1}, index >= ${start});`);
  return `
fn compute(index : i32) {
  var factor = uniforms.factor0;
  ${later.join('\n')}
  result[index] = a[index] + uniforms.rate * (factor * b[index] - a[index]);
}`;
}

function moveAlone(backend: WebGPUBackend, { moving, observed, factor }: Moving, rate: number): TensorInfo {
  const lanes = lanesOf(sizeOf(moving));
  return dispatch(backend, {
    name: 'MovingAverage',
    constants: {},
    code: () =>
      'fn compute(index : i32) { result[index] = a[index] + uniforms.rate * (uniforms.factor * b[index] - a[index]); }',
    inputs: { a: { tensor: moving, lanes }, b: { tensor: observed, lanes } },
    uniforms: { rate, factor },
    invocations: sizeOf(moving) / lanes,
    outputShape: moving.shape,
    outputLanes: lanes,
  });
}
