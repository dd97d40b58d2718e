import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { batchNormTrain } from './batch-norm.ts';
import { conv2d } from './conv.ts';
import { dense } from './dense.ts';
import { type MarginHead, marginLoss, normalizeRows } from './margin-loss.ts';
import { describeOn } from './testing/describe-on.ts';
import { evaluate, expectClose, numbers } from './testing/evaluate.ts';

/*
 * The reference all backends are compared with, held against something else itself: tfjs's own gradients of its own
 * operations, and finite differences. Only this test loads all of tfjs, whose gradients the kernels do without.
 * Its casts give ranks back: `tf.grads` hands tensors on without them.
 */

const X = [2, 7, 6, 3] as const;
const W = [3, 3, 3, 4] as const;

function positional(shape: readonly number[], name: string, scale = 1): tf.Tensor {
  const size = shape.reduce((product, one) => product * one, 1);
  return tf.tensor(
    numbers(size, name).map((value) => scale * value),
    [...shape],
  );
}

/** The gradients of two ways to compute the same, by all arguments. */
async function expectSameGradients(
  ours: (...inputs: tf.Tensor[]) => tf.Tensor,
  stock: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: readonly (readonly number[])[],
): Promise<void> {
  const outputs = (forward: typeof ours) => () => {
    const inputs = shapes.map((shape, index) => positional(shape, `input ${index}`));
    const y = forward(...inputs);
    return [y, ...tf.grads(forward)(inputs, y.rank === 0 ? undefined : positional(y.shape, 'dy'))];
  };
  const expected = await evaluate('cpu', outputs(stock));
  for (const [index, values] of (await evaluate('cpu', outputs(ours))).entries()) {
    expectClose(values, expected[index] ?? [], 1e-5, `output ${index}`);
  }
}

await describeOn('cpu', () => {
  test.each([1, 2] as const)('convolution with stride %i: as tf.conv2d', async (stride) => {
    await expectSameGradients(
      (x, w) => conv2d(x as tf.Tensor4D, w as tf.Tensor4D, { stride, pad: 1 }),
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, 1),
      [X, W],
    );
  });

  test('batch norm and PReLU: as moments, batchNorm and prelu', async () => {
    await expectSameGradients(
      (x, gamma, beta, slope) =>
        batchNormTrain(
          x as tf.Tensor4D,
          { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, epsilon: 1e-3 },
          { slope: slope as tf.Tensor1D },
        ).y,
      (x, gamma, beta, slope) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        return tf.prelu(
          tf.batchNorm(
            x,
            mean as tf.Tensor1D,
            variance as tf.Tensor1D,
            beta as tf.Tensor1D,
            gamma as tf.Tensor1D,
            1e-3,
          ),
          slope as tf.Tensor1D,
        );
      },
      [X, [3], [3], [3]],
    );
  });

  test('batch norm and residual: as moments, batchNorm and add', async () => {
    await expectSameGradients(
      (x, gamma, beta, residual) =>
        batchNormTrain(
          x as tf.Tensor4D,
          { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, epsilon: 1e-3 },
          { residual: residual as tf.Tensor4D },
        ).y,
      (x, gamma, beta, residual) => {
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        const y = tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          beta as tf.Tensor1D,
          gamma as tf.Tensor1D,
          1e-3,
        );
        return tf.add(y, residual);
      },
      [X, [3], [3], X],
    );
  });

  test('dense of normalised rows: as matMul of quotients', async () => {
    const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.sum(tf.square(x), 1, true)));
    await expectSameGradients(
      (x, w) => dense(normalizeRows(x as tf.Tensor2D), normalizeRows(w as tf.Tensor2D)),
      (x, w) => tf.matMul(unit(x), unit(w), false, true),
      [
        [4, 6],
        [5, 6],
      ],
    );
  });

  const heads: readonly MarginHead[] = [
    { kind: 'arcface', scale: 8, margin: 0.3, gradient: 'literal' },
    { kind: 'cosface', scale: 8, margin: 0.3, gradient: 'literal' },
    { kind: 'softmax', scale: 8, margin: 0, gradient: 'literal' },
  ];
  test.each(heads)('$kind: its gradient is the slope of its loss', async (head) => {
    const step = 1e-2;
    const lossAt = (by: number) => () => {
      const e = tf.add(positional([3, 6], 'e'), positional([3, 6], 'direction of e', by));
      const w = tf.add(positional([5, 6], 'w'), positional([5, 6], 'direction of w', by));
      return [marginLoss(e as tf.Tensor2D, w as tf.Tensor2D, tf.tensor1d([0, 2, 4], 'int32'), head).loss];
    };
    const [up, down] = [await evaluate('cpu', lossAt(step)), await evaluate('cpu', lossAt(-step))];
    const [slope] = await evaluate('cpu', () => {
      const labels = tf.tensor1d([0, 2, 4], 'int32');
      const inputs = [positional([3, 6], 'e'), positional([5, 6], 'w')];
      const forward = (e: tf.Tensor, w: tf.Tensor) => marginLoss(e as tf.Tensor2D, w as tf.Tensor2D, labels, head).loss;
      const [de, dw] = tf.grads(forward)(inputs);
      if (de === undefined || dw === undefined) return expect.fail('two gradients');
      return [
        tf.add(
          tf.sum(tf.mul(de, positional([3, 6], 'direction of e'))),
          tf.sum(tf.mul(dw, positional([5, 6], 'direction of w'))),
        ),
      ];
    });
    expectClose([((up[0]?.[0] ?? 0) - (down[0]?.[0] ?? 0)) / (2 * step)], slope ?? [], 5e-3);
  });

  test('ArcFace as in InsightFace: the gradient by the cosine is scale * (p - y) / N, at any slope of the margin', async () => {
    const head: MarginHead = { kind: 'arcface', scale: 8, margin: 0.3, gradient: 'insightface' };
    const labels = [1, 0];
    const cosines = tf.tensor2d([
      [0.2, 0.5, -0.3],
      [0.7, 0.1, 0.4],
    ]);
    const raw = await cosines.array();
    // Rows of unit matrices pass cosines through unchanged: embedding . centre = cosine.
    const [gradient] = await evaluate('cpu', () => {
      const e = tf.tensor2d(
        raw.map((row) => [...row, Math.sqrt(1 - row.reduce((sum, value) => sum + value * value, 0))]),
      );
      const w = tf.tensor2d([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ]);
      const forward = (x: tf.Tensor) => marginLoss(x as tf.Tensor2D, w, tf.tensor1d(labels, 'int32'), head).loss;
      return [tf.grad(forward)(e)];
    });
    const expected = raw.flatMap((row, image) => {
      const logits = row.map((cosine, k) => 8 * (k === labels[image] ? Math.cos(Math.acos(cosine) + 0.3) : cosine));
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      const dCosine = logits.map((logit, k) => (8 * (Math.exp(logit) / total - (k === labels[image] ? 1 : 0))) / 2);
      // Back through the normalisation of a unit vector: the part along it is taken off.
      const unit = [...row, Math.sqrt(1 - row.reduce((sum, value) => sum + value * value, 0))];
      const along = dCosine.reduce((sum, value, k) => sum + value * (unit[k] ?? 0), 0);
      return unit.map((value, k) => (dCosine[k] ?? 0) - along * value);
    });
    expectClose(gradient, expected, 1e-5);
    cosines.dispose();
  });

  test('no gradient by the images is computed where none is asked for', async () => {
    const [x, w] = [positional(X, 'x'), positional(W, 'w')];
    const { kernels } = await tf.profile(() => {
      const forward = (kernel: tf.Tensor) => conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, { stride: 1, pad: 1 });
      return tf.grad(forward)(w);
    });
    const names = kernels.map(({ name }) => name);
    expect(names).toContain('FaceConv2DFilterGrad');
    expect(names).not.toContain('FaceConv2DInputGrad');
  });
});
