import {
  add,
  grads,
  mul,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  tensor1d,
} from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batchNormTrain } from './batch-norm.ts';
import { conv2d } from './conv.ts';
import { dense } from './dense.ts';
import { marginLoss } from './margin-loss.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectClose, numbers } from './testing/evaluate.ts';

/** Odd sizes, channels that no vector divides: images, two kernels with their batch norms, embedding, class centres. */
const SHAPES = {
  images: [4, 7, 9, 3],
  first: [5, 5, 3, 6],
  gamma: [6],
  beta: [6],
  slope: [6],
  second: [3, 3, 6, 6],
  gamma2: [6],
  beta2: [6],
  embedding: [5, 4 * 5 * 6],
  centres: [3, 5],
};
const NAMES = Object.keys(SHAPES);
const STEP = 2e-3;

/** The loss of two convolutions, the second beside a residual, an embedding and a margin head. */
function lossOf(...inputs: Tensor[]): Tensor {
  const at = <T extends Tensor>(name: string): T => {
    const found = inputs[NAMES.indexOf(name)];
    if (found === undefined) throw new Error(`no ${name}`);
    // The tape hands tensors on without their ranks.
    return found as T;
  };
  const x = conv2d(at<Tensor4D>('images'), at<Tensor4D>('first'), { stride: 2, pad: 2 });
  const norm = { gamma: at<Tensor1D>('gamma'), beta: at<Tensor1D>('beta'), epsilon: 1e-3 };
  const { y } = batchNormTrain(x, norm, { slope: at<Tensor1D>('slope') });
  const norm2 = { gamma: at<Tensor1D>('gamma2'), beta: at<Tensor1D>('beta2'), epsilon: 1e-3 };
  const second = conv2d(y, at<Tensor4D>('second'), { stride: 1, pad: 1 });
  const residual = batchNormTrain(second, norm2, { residual: y }).y;
  const embedding = dense(residual, at<Tensor2D>('embedding'));
  const head = { kind: 'cosface', scale: 4, margin: 0.2, gradient: 'literal' } as const;
  return marginLoss(embedding, at<Tensor2D>('centres'), tensor1d([0, 1, 2, 1], 'int32'), head).loss;
}

function inputs(name: string): Tensor[] {
  return Object.entries(SHAPES).map(([part, shape]) => {
    const size = shape.reduce((product, one) => product * one, 1);
    return tensor(numbers(size, `${name} ${part}`), shape);
  });
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    test.each(NAMES)('the gradient by %s is the slope of the loss', async (part) => {
      const which = NAMES.indexOf(part);
      const moved = (by: number) => () => [
        lossOf(
          ...inputs('value').map((value, index) => {
            const direction = inputs('direction')[index];
            return index === which && direction ? add(value, mul(direction, by)) : value;
          }),
        ),
      ];
      const [up, down] = [await evaluate(name, moved(STEP)), await evaluate(name, moved(-STEP))];
      const [slope] = await evaluate(name, () => {
        const gradient = grads(lossOf)(inputs('value'))[which];
        const direction = inputs('direction')[which];
        return gradient && direction ? [sum(mul(gradient, direction))] : expect.fail('no gradient');
      });
      expectClose([((up[0]?.[0] ?? 0) - (down[0]?.[0] ?? 0)) / (2 * STEP)], slope ?? [], 0.02, part, 0.05);
    });
  });
}
