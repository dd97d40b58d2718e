import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import {
  add,
  backend,
  grads,
  type Rank,
  range,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  zeros,
} from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchNormTrain } from '../batch-norm.ts';
import { conv2d } from '../conv.ts';
import { dense } from '../dense.ts';
import { movingAverage } from '../moving-average.ts';
import { describeOn, TEST_BACKENDS } from '../testing/describe-on.ts';
import { evaluate, expectLikeCpu, numbers } from '../testing/evaluate.ts';
import { everywhere } from '../variants.ts';
import { setVariants, usualVariants } from './adapter-variants.ts';

/*
 * A graphics card gets smaller tiles, more shares of every sum and sums in two steps.
 * Its kernels are tested here for their results, on the adapter at hand.
 */

function made<T extends Tensor>(name: string, ...shape: number[]): T {
  const size = shape.reduce((product, one) => product * one, 1);
  // The caller's shape has the rank of its type.
  return tensor(numbers(size, name), shape) as T;
}

function convolved(input: number[], k: number, filters: number, stride: 1 | 2): Tensor[] {
  const x = made<Tensor4D>('x', ...input);
  const w = made<Tensor4D>('w', k, k, input[3] ?? 1, filters);
  const of = (a: Tensor4D, b: Tensor4D) => conv2d(a, b, { stride, pad: (k - 1) / 2 });
  const y = of(x, w);
  return [y, ...grads((a, b) => of(a as Tensor4D, b as Tensor4D))([x, w], made('dy', ...y.shape))];
}

function normalised(shift: number): Tensor[] {
  const x = add<Tensor4D>(made('x', 2, 24, 25, 8), shift);
  const [gamma, beta, slope] = ['gamma', 'beta', 'slope'].map((name) => made<Tensor1D>(name, 8));
  if (!(gamma && beta && slope)) throw new Error('three tensors');
  const of = (...[a, b, c, d]: Tensor[]) =>
    batchNormTrain(
      a as Tensor4D,
      { gamma: b as Tensor1D, beta: c as Tensor1D, epsilon: 1e-5 },
      { slope: d as Tensor1D },
    );
  const all = [x, gamma, beta, slope];
  const { y, mean, variance } = of(...all);
  return [y, mean, variance, ...grads((...tensors) => of(...tensors).y)(all, made('dy', ...x.shape))];
}

function multiplied(): Tensor[] {
  const x = made<Tensor2D>('x', 5, 300);
  const w = made<Tensor2D>('w', 9, 300);
  return [dense(x, w), ...grads((a, b) => dense(a, b as Tensor2D))([x, w], made('dy', 5, 9))];
}

if (TEST_BACKENDS.includes('webgpu')) {
  await describeOn('webgpu', () => {
    // `describeOn` has asserted which backend this is.
    const running = () => backend() as WebGPUBackend;
    beforeAll(() => setVariants(running(), everywhere('many')));
    afterAll(() => setVariants(running(), usualVariants(running())));

    test.each([
      { input: [2, 9, 11, 8], k: 3, filters: 12, stride: 1 },
      { input: [2, 9, 11, 8], k: 3, filters: 12, stride: 2 },
      { input: [1, 10, 10, 3], k: 5, filters: 6, stride: 1 },
    ] as const)('conv2d $input, $filters filters of $k, stride $stride', async ({ input, k, filters, stride }) => {
      await expectLikeCpu('webgpu', () => convolved([...input], k, filters, stride));
    });

    test('batch norm sums more shares than one invocation puts together', async () => {
      await expectLikeCpu('webgpu', () => normalised(0), 1e-4);
    });

    test('the variance of many shares keeps its digits where the mean is a thousand times larger', async () => {
      const [, , variance] = await evaluate('webgpu', () => normalised(1000));
      for (const value of variance ?? []) expect(Math.abs(value - 1 / 3)).toBeLessThan(0.03);
    });

    test('more workgroups than one dimension holds reach the last number', async () => {
      const size = 65_535 * 64 + 101;
      const [halved] = await evaluate('webgpu', () => {
        const values = { moving: range(0, size), observed: zeros<Rank.R1>([size]), factor: 1 };
        return [...movingAverage([values], 0.5)];
      });
      for (const index of [0, 63, 65_535 * 64 - 1, 65_535 * 64, size - 1]) expect(halved?.[index]).toBe(index / 2);
    });

    test('dense layers', async () => {
      await expectLikeCpu('webgpu', multiplied);
    });
  });
}
