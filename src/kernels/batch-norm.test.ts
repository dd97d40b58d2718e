import { grads, type Tensor, type Tensor1D, tensor, tensor1d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { type AfterBatchNorm, batchNormInfer, batchNormTrain } from './batch-norm.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectClose, expectLikeCpu, numbers } from './testing/evaluate.ts';

const EPSILON = 1e-5;
const SHAPES = [
  [4, 3, 3, 5],
  [2, 8, 8, 3],
  [1, 8, 8, 32],
  [8, 4, 4, 33],
  [3, 17, 16, 64],
  [3, 5],
  [32, 64],
  [1, 1, 1, 4],
];
const MODES = ['neither', 'slope', 'residual'] as const;
type Mode = (typeof MODES)[number];

function inputs(shape: number[], shift = 0) {
  const channels = shape[shape.length - 1] ?? 1;
  const size = shape.reduce((product, one) => product * one, 1);
  return {
    x: tensor(
      numbers(size, 'x').map((value) => value + shift),
      shape,
    ),
    gamma: tensor1d(numbers(channels, 'gamma')),
    beta: tensor1d(numbers(channels, 'beta')),
    slope: tensor1d(numbers(channels, 'slope')),
    residual: tensor(numbers(size, 'residual'), shape),
    dy: tensor(numbers(size, 'dy'), shape),
  };
}

function afterOf(mode: Mode, extra: Tensor | undefined): AfterBatchNorm | undefined {
  if (extra === undefined) return undefined;
  // The tape hands tensors on without their ranks.
  return mode === 'slope' ? { slope: extra as Tensor1D } : { residual: extra };
}

/** y, mean, variance and the gradients by x, gamma, beta and the fused operation's input. */
function outputs(shape: number[], mode: Mode, shift = 0): Tensor[] {
  const { x, gamma, beta, dy, ...after } = inputs(shape, shift);
  const extra = mode === 'neither' ? [] : [after[mode]];
  const forward = (...[a, b, c, d]: Tensor[]) => {
    if (!(a && b && c)) throw new Error('three tensors at least');
    return batchNormTrain(a, { gamma: b as Tensor1D, beta: c as Tensor1D, epsilon: EPSILON }, afterOf(mode, d));
  };
  const all = [x, gamma, beta, ...extra];
  const { y, mean, variance } = forward(...all);
  return [y, mean, variance, ...grads((...tensors) => forward(...tensors).y)(all, dy)];
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    describe.each(MODES)('batch norm in training, then %s', (mode) => {
      test.each(SHAPES.map((shape) => ({ shape })))('$shape and its gradients', async ({ shape }) => {
        // A variance near zero (one number a channel) makes the gradients differences of equal numbers.
        await expectLikeCpu(name, () => outputs(shape, mode), 1e-4);
      });
    });

    test.each(MODES)('batch norm in inference, then %s', async (mode) => {
      await expectLikeCpu(name, () => {
        const { x, gamma, beta, slope, residual } = inputs([3, 5, 4, 7]);
        const mean = tensor1d(numbers(7, 'mean'));
        const variance = tensor1d(numbers(7, 'variance').map((value) => Math.abs(value) + 0.1));
        const then = mode === 'neither' ? undefined : mode === 'slope' ? { slope } : { residual };
        return [batchNormInfer(x, { gamma, beta, mean, variance, epsilon: EPSILON }, then)];
      });
    });

    test('the variance keeps its digits where the mean is a thousand times larger', async () => {
      const [, mean, variance] = await evaluate(name, () => outputs([8, 16, 16, 3], 'neither', 1000));
      const x = numbers(8 * 16 * 16 * 3, 'x').map((value) => value + 1000);
      for (let channel = 0; channel < 3; channel++) {
        const own = x.filter((_, index) => index % 3 === channel);
        const average = own.reduce((sum, value) => sum + value, 0) / own.length;
        const spread = own.reduce((sum, value) => sum + (value - average) ** 2, 0) / own.length;
        expect(mean?.[channel]).toBeCloseTo(average, 2);
        expectClose([variance?.[channel] ?? 0], [spread], 1e-3);
      }
    });

    test('batch norm repeats bit for bit', async () => {
      const twice = () => outputs([8, 16, 16, 24], 'slope');
      expect(await evaluate(name, twice)).toEqual(await evaluate(name, twice));
    });
  });
}
