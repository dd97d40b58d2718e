import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { describeOn, TEST_BACKENDS } from '../kernels/testing/describe-on.ts';
import { expectClose } from '../kernels/testing/evaluate.ts';
import { FaceNetwork } from './face-network.ts';
import { openForTests } from './testing/open-for-tests.ts';
import { pytorch, type ReferenceResult, runReference } from './testing/pytorch.ts';
import { GOLDEN_CASES, referenceCase, STEP_CASES, STEP_SEED, type StepCase, sampled } from './testing/step-cases.ts';
import goldenSteps from './testing/steps.golden.json' with { type: 'json' };

const golden = z
  .array(
    z.object({
      what: z.string(),
      losses: z.array(z.number()),
      embeddings: z.array(z.number()),
      tensors: z.record(z.string(), z.array(z.number())),
    }),
  )
  .parse(goldenSteps);

/** Trains the three steps here and compares every value of the reference; `part` cuts a tensor to the values in it. */
async function expectSteps(
  step: StepCase,
  reference: ReferenceResult,
  part: (values: Float32Array) => ArrayLike<number>,
): Promise<void> {
  const { architecture, recipe, images, labels, learningRates } = referenceCase(step);
  const { batch, config } = step;
  const network = FaceNetwork.create(architecture, recipe, STEP_SEED);
  const input = {
    images: tensor4d(images.values, [batch, config.imageSize, config.imageSize, 3]),
    labels: tensor1d([...labels], 'int32'),
  };
  for (const [index, learningRate] of learningRates.entries()) {
    network.trainStep(input, learningRate);
    const packed = network.telemetry();
    expectClose([(await packed.data())[0] ?? Number.NaN], [reference.losses[index] ?? 0], 1e-3, `loss ${index}`);
    packed.dispose();
  }
  const state = await network.exportState();
  for (const { name } of network.parameters) {
    const values = state.get(name)?.values ?? expect.fail(name);
    // The mean over a sum of batch norms is zero but for rounding.
    expectClose(part(values), reference.tensors[name] ?? expect.fail(name), 1e-3, name, 1e-3);
  }
  const embeddings = network.embed(input.images);
  expectClose(await embeddings.data(), reference.embeddings, 1e-3, 'embeddings');
  for (const tensor of [embeddings, input.images, input.labels]) tensor.dispose();
  network.dispose();
}

test('the golden file has a case for each', () => {
  expect(golden.map(({ what }) => what)).toEqual(GOLDEN_CASES.map(({ what }) => what));
});

for (const backend of TEST_BACKENDS) {
  await describeOn(backend, () => {
    test.each(GOLDEN_CASES.map((one, index) => ({ ...one, index })))(
      "three steps have PyTorch's golden numbers: $what",
      async ({ index, ...one }) => {
        await openForTests(backend);
        await expectSteps(one, golden[index] ?? expect.fail('no golden numbers'), sampled);
      },
    );
  });
}

describe.skipIf(pytorch.command === undefined)(`three steps as in PyTorch${pytorch.skipped}`, async () => {
  let references: readonly ReferenceResult[] = [];
  beforeAll(() => {
    references = runReference([...STEP_CASES, ...GOLDEN_CASES].map(referenceCase));
  });

  test('PyTorch still gives the golden numbers', () => {
    for (const [index, { losses, embeddings, tensors }] of golden.entries()) {
      const now = references[STEP_CASES.length + index] ?? expect.fail('PyTorch gave no result');
      expectClose(now.losses, losses, 1e-4, 'losses');
      expectClose(now.embeddings, embeddings, 1e-3, 'embeddings');
      for (const [name, values] of Object.entries(tensors)) {
        expectClose(sampled(now.tensors[name] ?? []), values, 1e-3, name, 1e-3);
      }
    }
  });

  for (const backend of TEST_BACKENDS) {
    await describeOn(backend, () => {
      test.each(STEP_CASES.map((one, index) => ({ ...one, index })))('$what', async ({ index, ...one }) => {
        await openForTests(backend);
        await expectSteps(one, references[index] ?? expect.fail('PyTorch gave no result'), (values) => values);
      });
    });
  }
});
