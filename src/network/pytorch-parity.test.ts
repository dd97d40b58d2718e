import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { describeOn, TEST_BACKENDS } from '../kernels/testing/describe-on.ts';
import { expectClose, numbers } from '../kernels/testing/evaluate.ts';
import { architectureOf } from './architecture.ts';
import { FaceNetwork } from './face-network.ts';
import { initialValues, parametersOf } from './parameters.ts';
import { recipeOf } from './recipe.ts';
import { openForTests } from './testing/open-for-tests.ts';
import { pytorch, type ReferenceCase, type ReferenceResult, runReference } from './testing/pytorch.ts';

// The first step compiles every shader, which takes SwiftShader minutes on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SEED = 7;
const BATCH = 8;
const CLASSES = 10;
const BASE: RunConfig = {
  ...DEFAULT_CONFIG,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  weightDecay: 0.01,
  clipNorm: 0.5,
  margin: 0.3,
  scale: 16,
};
const CONFIGS: readonly { readonly what: string; readonly config: RunConfig }[] = [
  { what: 'plain, ArcFace as in InsightFace', config: BASE },
  {
    what: 'plain, literal ArcFace, 5 x 5 first layer',
    config: { ...BASE, arcfaceGradient: 'literal', kernelSize: '5' },
  },
  { what: 'plain, CosFace, no clip', config: { ...BASE, head: 'cosface', clipNorm: 0 } },
  { what: 'plain, softmax', config: { ...BASE, head: 'softmax' } },
  { what: 'iresnet10, ArcFace as in InsightFace', config: { ...BASE, body: 'iresnet10' } },
];
const LEARNING_RATES = [0.05, 0.1, 0.02];

function caseOf(config: RunConfig): ReferenceCase {
  const architecture = architectureOf(config, CLASSES);
  const parameters = parametersOf(architecture);
  const shape = [BATCH, config.imageSize, config.imageSize, 3];
  return {
    architecture,
    recipe: recipeOf(config),
    tensors: new Map(
      parameters.map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, SEED) }] as const),
    ),
    trained: parameters.filter(({ role }) => role === 'trained').map(({ name }) => name),
    images: { shape, values: new Float32Array(numbers(BATCH * config.imageSize ** 2 * 3, 'images')) },
    labels: Array.from({ length: BATCH }, (_, index) => (3 * index) % CLASSES),
    learningRates: LEARNING_RATES,
  };
}

describe.skipIf(pytorch.command === undefined)(`three steps as in PyTorch${pytorch.skipped}`, async () => {
  let references: readonly ReferenceResult[] = [];
  beforeAll(() => {
    references = runReference(CONFIGS.map(({ config }) => caseOf(config)));
  });

  for (const backend of TEST_BACKENDS) {
    await describeOn(backend, () => {
      test.each(CONFIGS.map((one, index) => ({ ...one, index })))('$what', async ({ config, index }) => {
        await openForTests(backend);
        const { architecture, recipe, images, labels } = caseOf(config);
        const reference = references[index] ?? expect.fail('PyTorch gave no result');
        const network = FaceNetwork.create(architecture, recipe, SEED);
        const batch = {
          images: tensor4d(images.values, [BATCH, config.imageSize, config.imageSize, 3]),
          labels: tensor1d([...labels], 'int32'),
        };
        for (const [step, learningRate] of LEARNING_RATES.entries()) {
          network.trainStep(batch, learningRate);
          const packed = network.telemetry();
          expectClose([(await packed.data())[0] ?? Number.NaN], [reference.losses[step] ?? 0], 1e-3, `loss ${step}`);
          packed.dispose();
        }
        const state = await network.exportState();
        for (const [name, values] of Object.entries(reference.tensors)) {
          // The mean over a sum of batch norms is zero but for rounding.
          expectClose(state.get(name)?.values, values, 1e-3, name, 1e-3);
        }
        const embeddings = network.embed(batch.images);
        expectClose(await embeddings.data(), reference.embeddings, 1e-3, 'embeddings');
        embeddings.dispose();
        network.dispose();
      });
    });
  }
});
