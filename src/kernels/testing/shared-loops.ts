import {
  grads,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { type AfterBatchNorm, batchNormInfer, batchNormTrain } from '../batch-norm.ts';
import { conv2d } from '../conv.ts';
import { dense } from '../dense.ts';
import { facesToBatch } from '../faces-to-batch.ts';
import { marginLoss } from '../margin-loss.ts';
import { movingAverage } from '../moving-average.ts';
import { sgdStep } from '../sgd.ts';
import { numbers } from './evaluate.ts';

/*
 * Computations in which every kernel runs, its gradients included, of sizes at which threads share its loops out.
 */

function positional(name: string, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, one) => product * one, 1);
  return tensor(numbers(size, name), [...shape]);
}

/** y and the gradients by all inputs, for one dy. */
function withGradients(inputs: readonly Tensor[], compute: (...inputs: Tensor[]) => Tensor): Tensor[] {
  const y = compute(...inputs);
  return [y, ...grads(compute)([...inputs], y.rank === 0 ? undefined : positional('dy', y.shape))];
}

type Convolution = readonly [
  input: readonly [number, number, number, number],
  filters: number,
  k: number,
  stride: 1 | 2,
  pad: number,
];

const CONVOLUTIONS: readonly Convolution[] = [
  [[5, 12, 12, 8], 16, 3, 1, 1],
  [[5, 13, 11, 5], 11, 3, 1, 1],
  [[3, 34, 33, 4], 9, 3, 2, 1],
  [[9, 8, 8, 16], 24, 3, 2, 1],
  [[4, 15, 15, 3], 8, 3, 1, 0],
  // Pixels that no tap reaches, with whole strips and without.
  [[6, 9, 9, 8], 8, 1, 2, 0],
  [[6, 9, 9, 6], 5, 1, 2, 0],
  [[2, 9, 9, 4], 8, 2, 2, 1],
  // So many sums of blocks that they are added up stretch by stretch.
  [[20, 16, 16, 32], 64, 3, 1, 1],
];

function convolution([input, filters, k, stride, pad]: Convolution): Tensor[] {
  const x = positional('x', input);
  const w = positional('w', [k, k, input[3], filters]);
  // The tape hands tensors on without their ranks.
  return withGradients([x, w], (a, b) => conv2d(a as Tensor4D, b as Tensor4D, { stride, pad }));
}

function batchNorm(channels: number, then: 'slope' | 'residual' | 'nothing'): Tensor[] {
  const shape = [3, 65, 64, channels] as const;
  const x = positional('x', shape);
  const [gamma, beta, slope] = ['gamma', 'beta', 'slope'].map((name) => positional(name, [channels]) as Tensor1D);
  if (!(gamma && beta && slope)) throw new Error('three vectors');
  const residual = positional('residual', shape);
  const after = (a: Tensor1D, b: Tensor): AfterBatchNorm | undefined =>
    then === 'slope' ? { slope: a } : then === 'residual' ? { residual: b } : undefined;
  const epsilon = 1e-5;
  const { mean, variance } = batchNormTrain(x, { gamma, beta, epsilon });
  const infer = batchNormInfer(x, { gamma, beta, mean, variance, epsilon }, after(slope, residual));
  const inputs = [x, gamma, beta, ...(then === 'slope' ? [slope] : then === 'residual' ? [residual] : [])];
  const outputs = withGradients(inputs, (a, g, b, extra) => {
    const vectors = { gamma: (g ?? gamma) as Tensor1D, beta: (b ?? beta) as Tensor1D, epsilon };
    return batchNormTrain(a ?? x, vectors, extra && after(extra as Tensor1D, extra)).y;
  });
  return [mean, variance, infer, ...outputs];
}

function update(): Tensor[] {
  const parameters = [[200, 201], [37]].map((shape, index) => ({
    weight: positional(`w${index}`, shape),
    gradient: positional(`g${index}`, shape),
    velocity: positional(`v${index}`, shape),
    clipped: index === 0,
    decayed: index === 0,
  }));
  const stepped = sgdStep(parameters, { learningRate: 0.05, momentum: 0.9, weightDecay: 5e-3, clipNorm: 5 });
  const [moving] = parameters;
  if (moving === undefined) throw new Error('two parameters');
  const averaged = movingAverage([{ moving: moving.weight, observed: moving.gradient, factor: 1.25 }], 0.1);
  return [...stepped.flatMap(({ weight, velocity }) => [weight, velocity]), ...averaged];
}

function faces(): Tensor[] {
  const shape = [5, 9, 9, 3] as const;
  const bytes = Int32Array.from({ length: Math.ceil((5 * 9 * 9 * 3) / 4) }, (_, index) => index * 0x01_35_79_bd);
  const placement = Int32Array.from({ length: 15 }, (_, index) => (index % 3 === 0 ? index % 2 : (index % 5) - 2));
  return [
    facesToBatch(tensor(bytes, [bytes.length], 'int32') as Tensor1D, tensor2d(placement, [5, 3], 'int32'), shape),
  ];
}

function margin(): Tensor[] {
  const labels = tensor([0, 3, 8, 8, 1, 40], [6], 'int32') as Tensor1D;
  const head = { kind: 'cosface', scale: 16, margin: 0.3, gradient: 'insightface' } as const;
  return withGradients(
    [positional('e', [6, 33]), positional('c', [41, 33])],
    (e, c) => marginLoss(e as Tensor2D, c as Tensor2D, labels, head).loss,
  );
}

/** Computations by name. Each makes its own inputs, the same at every call. */
export const SHARED_LOOPS: readonly (readonly [name: string, compute: () => Tensor[]])[] = [
  ...CONVOLUTIONS.map((one) => [`convolution ${one.join(' ')}`, () => convolution(one)] as const),
  ...[16, 20, 5].flatMap((channels) =>
    (['slope', 'residual', 'nothing'] as const).map(
      (then) => [`batch norm of ${channels} channels, then ${then}`, () => batchNorm(channels, then)] as const,
    ),
  ),
  ...[
    [8, 1030, 70],
    [9, 1032, 72],
  ].map(
    ([rows = 0, inputs = 0, outputs = 0]) =>
      [
        `dense ${rows} ${inputs} ${outputs}`,
        () =>
          withGradients([positional('x', [rows, inputs]), positional('w', [outputs, inputs])], (x, w) =>
            dense(x, w as Tensor2D),
          ),
      ] as const,
  ),
  ['update', update],
  ['faces', faces],
  ['margin', margin],
];
