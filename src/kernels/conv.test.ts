import { grads, tensor4d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { conv2d } from './conv.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectLikeCpu, numbers } from './testing/evaluate.ts';

interface Case {
  readonly input: [number, number, number, number];
  readonly filters: number;
  readonly k: number;
  readonly stride: 1 | 2;
}

const CASES: readonly Case[] = [
  { input: [1, 5, 7, 3], filters: 4, k: 1, stride: 1 },
  { input: [2, 7, 7, 6], filters: 4, k: 1, stride: 2 },
  { input: [2, 8, 8, 6], filters: 5, k: 1, stride: 2 },
  { input: [2, 8, 8, 3], filters: 8, k: 3, stride: 1 },
  { input: [1, 6, 5, 3], filters: 7, k: 3, stride: 1 },
  { input: [2, 9, 7, 5], filters: 6, k: 3, stride: 2 },
  { input: [3, 8, 8, 4], filters: 8, k: 3, stride: 2 },
  { input: [2, 16, 16, 32], filters: 48, k: 3, stride: 2 },
  { input: [1, 11, 11, 3], filters: 5, k: 5, stride: 2 },
  { input: [2, 9, 10, 3], filters: 16, k: 5, stride: 1 },
  { input: [2, 12, 10, 4], filters: 8, k: 7, stride: 1 },
  { input: [3, 6, 6, 8], filters: 3, k: 7, stride: 2 },
  { input: [1, 1, 1, 2], filters: 3, k: 3, stride: 2 },
];

/** y, dx and dw. */
function outputs({ input, filters, k, stride }: Case) {
  const channels = input[3];
  const size = input[0] * input[1] * input[2] * channels;
  const x = tensor4d(numbers(size, 'x'), input);
  const w = tensor4d(numbers(k * k * channels * filters, 'w'), [k, k, channels, filters]);
  const geometry = { stride, pad: (k - 1) / 2 };
  const y = conv2d(x, w, geometry);
  const dy = tensor4d(numbers(y.size, 'dy'), y.shape);
  return [y, ...grads((a, b) => conv2d(a as typeof x, b as typeof w, geometry))([x, w], dy)];
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    test.each(CASES)('conv2d $input, $filters filters of $k, stride $stride, and its gradients', async (shape) => {
      await expectLikeCpu(name, () => outputs(shape));
    });

    test('conv2d repeats bit for bit', async () => {
      const shape: Case = { input: [4, 16, 16, 8], filters: 16, k: 3, stride: 2 };
      expect(await evaluate(name, () => outputs(shape))).toEqual(await evaluate(name, () => outputs(shape)));
    });
  });
}

await describeOn('cpu', () => {
  test('a kernel that does not fit its input is refused with both shapes named', () => {
    const x = tensor4d(numbers(27, 'x'), [1, 3, 3, 3]);
    expect(() => conv2d(x, tensor4d(numbers(8, 'w'), [1, 1, 4, 2]), { stride: 1, pad: 0 })).toThrow('[k, k, 3, F]');
    expect(() => conv2d(x, tensor4d(numbers(75, 'w'), [5, 5, 3, 1]), { stride: 1, pad: 0 })).toThrow('larger');
  });
});
