import { backend, grads, type Tensor, type Tensor1D, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { batchNormTrain } from '../batch-norm.ts';
import { conv2d } from '../conv.ts';
import { KERNEL_NAMES } from '../kernel-names.ts';
import { switchTo } from '../testing/describe-on.ts';
import { expectLikeCpu, numbers } from '../testing/evaluate.ts';
import { memoryOf } from './heap.ts';
import { loadKernels } from './kernels.ts';
import { instantiateKernels } from './module.ts';

interface Case {
  readonly title: string;
  readonly input: [number, number, number, number];
  readonly filters: number;
  readonly k: number;
  readonly stride: 1 | 2;
  readonly pad: number;
}

/**
 * Cases that the shapes of conv.test.ts do not reach: several groups of images, several blocks of pixels, odd padding.
 */
const CASES: readonly Case[] = [
  { title: 'groups of two images, the last of one', input: [5, 12, 12, 8], filters: 16, k: 3, stride: 1, pad: 1 },
  { title: 'the same where no width is whole', input: [5, 13, 11, 5], filters: 11, k: 3, stride: 1, pad: 1 },
  { title: 'one image a group, stride 2', input: [3, 34, 33, 4], filters: 9, k: 3, stride: 2, pad: 1 },
  { title: 'no frame', input: [4, 15, 15, 3], filters: 8, k: 3, stride: 1, pad: 0 },
  { title: 'no frame, last row and column unused', input: [4, 16, 16, 6], filters: 8, k: 3, stride: 2, pad: 0 },
  { title: 'a frame wider than the kernel needs', input: [2, 6, 7, 4], filters: 8, k: 3, stride: 1, pad: 3 },
  { title: 'the same with stride 2', input: [2, 6, 7, 4], filters: 8, k: 3, stride: 2, pad: 3 },
  { title: 'a single row of pixels', input: [2, 1, 40, 8], filters: 8, k: 3, stride: 2, pad: 1 },
  { title: 'an even kernel', input: [2, 9, 9, 4], filters: 8, k: 2, stride: 2, pad: 1 },
];

/** y, dx and dw. */
function outputs({ input, filters, k, stride, pad }: Case): Tensor[] {
  const [images, rows, columns, channels] = input;
  const x = tensor4d(numbers(images * rows * columns * channels, 'x'), input);
  const w = tensor4d(numbers(k * k * channels * filters, 'w'), [k, k, channels, filters]);
  const geometry = { stride, pad };
  const y = conv2d(x, w, geometry);
  const dy = tensor4d(numbers(y.size, 'dy'), y.shape);
  // The tape hands tensors on without their ranks.
  return [y, ...grads((a, b) => conv2d(a as typeof x, b as typeof w, geometry))([x, w], dy)];
}

describe('WebAssembly', () => {
  beforeAll(() => switchTo('wasm'));

  test('every kernel is our own, none out of stock operations', async () => {
    expect(Object.keys(await loadKernels()).sort()).toEqual([...KERNEL_NAMES].sort());
  });

  test.each(CASES)('conv2d with $title', async (shape) => {
    await expectLikeCpu('wasm', () => outputs(shape));
  });

  test('a clone shares the numbers of its tensor, and outlives it', async () => {
    const before = backend().numDataIds();
    const tensor = tensor1d([1, 2, 3]);
    const copy = tensor.clone();
    expect(backend().numDataIds()).toBe(before + 1);
    tensor.dispose();
    expect([...(await copy.data())]).toEqual([1, 2, 3]);
    copy.dispose();
    expect(backend().numDataIds()).toBe(before);
  });

  test('the heap stops growing after the first steps', () => {
    const memory = memoryOf(backend());
    const step = () => {
      tidy(() => {
        outputs({ title: '', input: [8, 32, 32, 16], filters: 24, k: 3, stride: 1, pad: 1 });
        const x = tensor4d(numbers(8 * 32 * 32 * 16, 'x'), [8, 32, 32, 16]);
        const [gamma, beta, slope]: Tensor1D[] = ['gamma', 'beta', 'slope'].map((name) => tensor1d(numbers(16, name)));
        if (!(gamma && beta && slope)) throw new Error('three tensors');
        batchNormTrain(x, { gamma, beta, epsilon: 1e-5 }, { slope });
      });
    };
    for (let index = 0; index < 3; index++) step();
    const before = { bytes: memory?.buffer.byteLength, data: backend().numDataIds() };
    expect(before.bytes).toBeGreaterThan(0);
    for (let index = 0; index < 8; index++) step();
    expect({ bytes: memory?.buffer.byteLength, data: backend().numDataIds() }).toEqual(before);
  });

  test('the same module loads on a heap of one thread and on one that threads share', async () => {
    for (const shared of [false, true]) {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
      const kernels = (await instantiateKernels(memory)) ?? expect.fail('no SIMD');
      const floats = new Float32Array(memory.buffer);
      floats.fill(3, 0, 8);
      kernels.scaledSum(0, 2, 0, 0, 8, 64);
      expect(floats.slice(16, 25)).toEqual(new Float32Array([6, 6, 6, 6, 6, 6, 6, 6, 0]));
    }
  });
});
