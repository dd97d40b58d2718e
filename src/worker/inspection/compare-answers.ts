import { ModelProblem } from '../../exchange/model-problem.ts';
import { FACE_CHANNELS, type FaceSet } from '../../faces/face-set.ts';
import { type OnnxFiles, OnnxNetwork } from '../verification/onnx-network.ts';
import { OnnxMemoryProblem, OnnxProblem } from '../verification/onnx-problem.ts';
import type { AnswerComparison } from './protocol.ts';

/** Noise to compare on, besides one black and one white image. */
const RANDOM_IMAGES = 30;
/** Runs of each model that are timed, in turns. */
const TIMED_RUNS = 9;

const CODING = { scaling: 'auto', colours: 'RGB' } as const;

/**
 * Embeddings and times of two versions of a model side by side, by ONNX Runtime on one thread: on random images, and on
 * faces where there are any. `runtime` is as OnnxNetwork.open takes it.
 * @throws OnnxProblem where the model cannot be run as a face network, ModelProblem where the smaller one alone cannot, or
 * the model's own answers are not finite
 */
export async function compareAnswers(
  before: OnnxFiles,
  after: OnnxFiles,
  runtime: string | ArrayBuffer,
  facesOf: (size: number) => Promise<Pick<FaceSet, 'images' | 'size'> | undefined> = async () => undefined,
): Promise<AnswerComparison> {
  const first = await OnnxNetwork.open(before, runtime);
  try {
    const second = await openSmaller(after, runtime);
    try {
      const random = randomImages(first.size);
      const onRandom = await largestDifference(first, second, random);
      const faces = await facesOf(first.size);
      const onFaces = faces === undefined ? undefined : await largestDifference(first, second, faces);
      return {
        random: onRandom,
        ...(onFaces === undefined ? {} : { faces: onFaces }),
        milliseconds: await times(first, second, random),
      };
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

async function openSmaller(files: OnnxFiles, runtime: string | ArrayBuffer): Promise<OnnxNetwork> {
  try {
    return await OnnxNetwork.open(files, runtime);
  } catch (error) {
    if (error instanceof OnnxMemoryProblem || !(error instanceof OnnxProblem)) throw error;
    throw new ModelProblem(
      'inconsistent',
      `The model can be run, and the smaller one cannot: ${error.message}`,
      'It is not given out. This is a defect of the playground: please report it.',
    );
  }
}

type Images = Pick<FaceSet, 'images' | 'size'>;

/** Of all images and their mirror images. */
async function largestDifference(a: OnnxNetwork, b: OnnxNetwork, images: Images): Promise<AnswerComparison['random']> {
  const count = images.images.length / (images.size ** 2 * FACE_CHANNELS);
  const all = Int32Array.from({ length: count }, (_, index) => index);
  const [one, other] = [await a.coded(CODING).embedFaces(images, all), await b.coded(CODING).embedFaces(images, all)];
  let largest = 0;
  let scale = 0;
  for (const half of ['original', 'flipped'] as const) {
    for (const [i, value] of one[half].entries()) {
      if (!Number.isFinite(value)) throw notFinite();
      const difference = Math.abs(value - (other[half][i] ?? Number.NaN));
      // NaN too: it must not look like no difference.
      if (!(difference <= largest)) largest = difference;
      scale = Math.max(scale, Math.abs(value));
    }
  }
  return { images: count, largest, scale };
}

function notFinite(): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    "The model's own embeddings are not finite numbers, so that nothing can be compared with them.",
    'The smaller model is not given out. Use an earlier checkpoint, before training diverged.',
  );
}

/** Milliseconds for one image, the median of runs in turns. */
async function times(a: OnnxNetwork, b: OnnxNetwork, images: Images): Promise<readonly [number, number]> {
  const found: readonly [number[], number[]] = [[], []];
  for (let run = 0; run < TIMED_RUNS; run++) {
    for (const [place, network] of [a, b].entries()) {
      const start = performance.now();
      await network.coded(CODING).embedFaces(images, Int32Array.of(run));
      // An image and its mirror image.
      found[place === 0 ? 0 : 1].push((performance.now() - start) / 2);
    }
  }
  const middle = (values: readonly number[]) => values.toSorted((x, y) => x - y)[TIMED_RUNS >> 1] ?? Number.NaN;
  return [middle(found[0]), middle(found[1])];
}

function randomImages(size: number): Images {
  const area = size * size * FACE_CHANNELS;
  const images = new Uint8Array((RANDOM_IMAGES + 2) * area);
  let state = 1;
  for (let i = 0; i < RANDOM_IMAGES * area; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    images[i] = state >>> 24;
  }
  images.fill(255, (RANDOM_IMAGES + 1) * area);
  return { images, size };
}
