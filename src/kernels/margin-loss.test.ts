import { grads, type Scalar, type Tensor2D, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type MarginHead, marginLoss } from './margin-loss.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectClose, expectLikeCpu, numbers } from './testing/evaluate.ts';
import golden from './testing/margins.golden.json' with { type: 'json' };

const HEADS: readonly MarginHead[] = [
  { kind: 'arcface', scale: 32, margin: 0.5, gradient: 'insightface' },
  { kind: 'arcface', scale: 32, margin: 0.5, gradient: 'literal' },
  { kind: 'cosface', scale: 64, margin: 0.4, gradient: 'insightface' },
  { kind: 'softmax', scale: 16, margin: 0.5, gradient: 'insightface' },
];
/** Batch, embedding, classes. */
const SIZES: readonly [number, number, number][] = [
  [1, 5, 3],
  [4, 16, 10],
  [7, 33, 201],
  [32, 64, 500],
];

const headSchema = z.object({
  kind: z.enum(['arcface', 'cosface', 'softmax']),
  scale: z.number(),
  margin: z.number(),
  gradient: z.enum(['insightface', 'literal']),
});

/** Loss, accuracy and the gradients by embeddings and class centres. */
function outputs(head: MarginHead, [batch, size, classes]: [number, number, number], embeddings?: Float32Array) {
  const e = tensor2d(embeddings ?? numbers(batch * size, 'embeddings'), [batch, size]);
  const w = tensor2d(numbers(classes * size, 'centres'), [classes, size]);
  const labels = tensor1d(
    Array.from({ length: batch }, (_, index) => (3 * index) % classes),
    'int32',
  );
  const { loss, accuracy } = marginLoss(e, w, labels, head);
  // The tape hands tensors on without their ranks.
  const lossOf = grads((a, b) => marginLoss(a as Tensor2D, b as Tensor2D, labels, head).loss as Scalar);
  return [loss, accuracy, ...lossOf([e, w])];
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    describe.each(HEADS)('$kind, gradient $gradient', (head) => {
      test.each(SIZES.map(([batch, size, classes]) => ({ batch, size, classes })))(
        '$batch embeddings of $size, $classes classes, and its gradients',
        async ({ batch, size, classes }) => {
          await expectLikeCpu(name, () => outputs(head, [batch, size, classes]), 1e-4);
        },
      );

      test('embeddings on their class centre, opposite to it and of length zero give finite numbers', async () => {
        const centres = numbers(5 * 8, 'centres');
        const embeddings = Float32Array.from([
          ...centres.subarray(0, 8),
          ...centres.subarray(24, 32).map((value) => -5 * value),
          ...new Float32Array(8),
        ]);
        const values = await evaluate(name, () => outputs(head, [3, 8, 5], embeddings));
        for (const array of values) expect(array.every(Number.isFinite)).toBe(true);
      });
    });

    test.each(golden.cases)("$head.kind, gradient $head.gradient: loss and gradients are PyTorch's", async (one) => {
      const head = headSchema.parse(one.head);
      const [loss, byEmbeddings, byCentres] = await evaluate(name, () => {
        const labels = tensor1d(golden.labels, 'int32');
        const [e, w] = [tensor2d(golden.embeddings, [3, 5]), tensor2d(golden.centres, [4, 5])];
        // The tape hands tensors on without their ranks.
        const lossOf = grads((a, b) => marginLoss(a as Tensor2D, b as Tensor2D, labels, head).loss as Scalar);
        return [marginLoss(e, w, labels, head).loss, ...lossOf([e, w])];
      });
      expectClose(loss, [one.loss], 1e-5, 'loss');
      expectClose(byEmbeddings, one.byEmbeddings, 1e-4, 'gradient by embeddings');
      expectClose(byCentres, one.byCentres, 1e-4, 'gradient by centres');
    });

    test('the margin loss repeats bit for bit', async () => {
      const twice = () => outputs(HEADS[0] ?? expect.fail(), [32, 64, 500]);
      expect(await evaluate(name, twice)).toEqual(await evaluate(name, twice));
    });
  });
}
