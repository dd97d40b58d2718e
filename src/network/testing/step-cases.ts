import { DEFAULT_CONFIG, type RunConfig } from '../../config/run-config.ts';
import { numbers } from '../../kernels/testing/evaluate.ts';
import { architectureOf } from '../architecture.ts';
import { initialValues, parametersOf } from '../parameters.ts';
import { recipeOf } from '../recipe.ts';
import type { ReferenceCase } from './pytorch.ts';

export const STEP_SEED = 7;
export const LEARNING_RATES = [0.05, 0.1, 0.02];

/** Three steps of a small network on one batch of noise, from the first weights of its seed. */
export interface StepCase {
  readonly what: string;
  readonly config: RunConfig;
  readonly batch: number;
  readonly classes: number;
}

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

/** Compared with PyTorch where there is one. */
export const STEP_CASES: readonly StepCase[] = [
  { what: 'plain, ArcFace as in InsightFace', config: BASE },
  {
    what: 'plain, literal ArcFace, 5 × 5 first layer',
    config: { ...BASE, arcfaceGradient: 'literal' as const, kernelSize: '5' as const },
  },
  { what: 'plain, CosFace, no clip', config: { ...BASE, head: 'cosface' as const, clipNorm: 0 } },
  { what: 'plain, softmax', config: { ...BASE, head: 'softmax' as const } },
  { what: 'iresnet10, ArcFace as in InsightFace', config: { ...BASE, body: 'iresnet10' as const } },
].map((one) => ({ ...one, batch: 8, classes: 10 }));

const TINY: RunConfig = { ...BASE, imageSize: 8, filters: 4, width: 4, embeddingSize: 6 };

/** Smaller ones, compared with numbers that PyTorch once gave. */
export const GOLDEN_CASES: readonly StepCase[] = [
  { what: 'plain, ArcFace as in InsightFace, a clip that bites', config: TINY },
  { what: 'plain, literal ArcFace', config: { ...TINY, arcfaceGradient: 'literal' as const } },
  { what: 'plain, CosFace, no clip', config: { ...TINY, head: 'cosface' as const, clipNorm: 0 } },
  // PyTorch 1.13 and 2.15 both corrupt their memory in this body at 4 channels.
  { what: 'iresnet10', config: { ...BASE, body: 'iresnet10' as const } },
].map((one) => ({ ...one, batch: 5, classes: 4 }));

/** The input of reference.py. */
export function referenceCase({ config, batch, classes }: StepCase): ReferenceCase {
  const architecture = architectureOf(config, classes);
  const parameters = parametersOf(architecture);
  return {
    architecture,
    recipe: recipeOf(config),
    tensors: new Map(
      parameters.map((spec) => [spec.name, { shape: spec.shape, values: initialValues(spec, STEP_SEED) }] as const),
    ),
    trained: parameters.filter(({ role }) => role === 'trained').map(({ name }) => name),
    images: {
      shape: [batch, config.imageSize, config.imageSize, 3],
      values: new Float32Array(numbers(batch * config.imageSize ** 2 * 3, 'images')),
    },
    labels: Array.from({ length: batch }, (_, index) => (3 * index) % classes),
    learningRates: LEARNING_RATES,
  };
}

/** Every n-th number, so that at most 40 are left: the golden file holds these of each tensor. */
export function sampled(values: ArrayLike<number>): readonly number[] {
  const every = Math.ceil(values.length / 40);
  return Array.from({ length: Math.ceil(values.length / every) }, (_, i) => values[i * every] ?? Number.NaN);
}
