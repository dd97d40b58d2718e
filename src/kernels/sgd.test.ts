import { tensor } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { movingAverage } from './moving-average.ts';
import { type SgdSettings, sgdStep } from './sgd.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectClose, numbers } from './testing/evaluate.ts';

/** Small ones and two beyond 2^16 numbers, which WebGPU steps alone; of each, some are not clipped. */
const SHAPES = [[3, 3, 3, 5], [5], [200, 64], [1], [33], [300, 300], [257, 256]];
const CLIPPED = [true, true, false, true, true, false, true];
/** Batch norm may be left out: two small ones and a large one. */
const DECAYED = [true, false, true, true, false, true, false];

const SETTINGS: readonly { readonly title: string; readonly settings: SgdSettings }[] = [
  { title: 'no clip', settings: { learningRate: 0.1, momentum: 0.9, weightDecay: 0.005, clipNorm: 0 } },
  { title: 'a clip that bites', settings: { learningRate: 0.05, momentum: 0.9, weightDecay: 0.01, clipNorm: 0.5 } },
  { title: 'a clip out of reach', settings: { learningRate: 0.2, momentum: 0, weightDecay: 0, clipNorm: 1000 } },
];

function sizeOf(shape: number[]): number {
  return shape.reduce((product, one) => product * one, 1);
}

/** The same in doubles, as torch.nn.utils.clip_grad_norm_ and torch.optim.SGD write it down. */
function expected({ learningRate, momentum, weightDecay, clipNorm }: SgdSettings): Float64Array[] {
  const norm = Math.sqrt(
    SHAPES.flatMap((shape, index) => (CLIPPED[index] ? [...numbers(sizeOf(shape), `g${index}`)] : [])).reduce(
      (sum, value) => sum + value * value,
      0,
    ),
  );
  const factor = clipNorm > 0 ? Math.min(1, clipNorm / (norm + 1e-6)) : 1;
  return SHAPES.flatMap((shape, index) => {
    const w = Float64Array.from(numbers(sizeOf(shape), `w${index}`));
    const g = numbers(w.length, `g${index}`);
    const v = Float64Array.from(numbers(w.length, `v${index}`));
    for (let i = 0; i < w.length; i++) {
      const gradient = (g[i] ?? 0) * (CLIPPED[index] ? factor : 1) + (DECAYED[index] ? weightDecay : 0) * (w[i] ?? 0);
      v[i] = momentum * (v[i] ?? 0) + gradient;
      w[i] = (w[i] ?? 0) - learningRate * (v[i] ?? 0);
    }
    return [w, v];
  });
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    describe.each(SETTINGS)('SGD with $title', ({ settings }) => {
      test('steps every parameter as PyTorch does', async () => {
        const actual = await evaluate(name, () => {
          const parameters = SHAPES.map((shape, index) => ({
            weight: tensor(numbers(sizeOf(shape), `w${index}`), shape),
            gradient: tensor(numbers(sizeOf(shape), `g${index}`), shape),
            velocity: tensor(numbers(sizeOf(shape), `v${index}`), shape),
            clipped: CLIPPED[index] === true,
            decayed: DECAYED[index] === true,
          }));
          return sgdStep(parameters, settings).flatMap(({ weight, velocity }) => [weight, velocity]);
        });
        for (const [index, values] of expected(settings).entries()) expectClose(actual[index], values, 1e-5);
      });
    });

    test('a new learning rate takes effect with the next step', async () => {
      const step = (learningRate: number) =>
        evaluate(name, () => {
          const [weight, gradient, velocity] = ['w', 'g', 'v'].map((part) => tensor(numbers(64, part)));
          if (!(weight && gradient && velocity)) throw new Error('three tensors');
          const settings = { learningRate, momentum: 0.9, weightDecay: 0, clipNorm: 0 };
          return sgdStep([{ weight, gradient, velocity, clipped: true, decayed: true }], settings).map(
            (next) => next.weight,
          );
        });
      const [[still], [moved]] = [await step(0), await step(0.5)];
      expectClose(still, numbers(64, 'w'), 0);
      expect(moved).not.toEqual(still);
    });

    test('moving averages take a share of the newest value times its factor', async () => {
      const pairs = [
        { size: 32, factor: 1 },
        { size: 7, factor: 32 / 31 },
      ];
      const actual = await evaluate(name, () => [
        ...movingAverage(
          pairs.map(({ size, factor }, index) => ({
            moving: tensor(numbers(size, `a${index}`)),
            observed: tensor(numbers(size, `b${index}`)),
            factor,
          })),
          0.1,
        ),
      ]);
      for (const [index, { size, factor }] of pairs.entries()) {
        const observed = numbers(size, `b${index}`);
        const values = numbers(size, `a${index}`).map((a, i) => 0.9 * a + 0.1 * factor * (observed[i] ?? 0));
        expectClose(actual[index], values, 1e-6);
      }
    });
  });
}
