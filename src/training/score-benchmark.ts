import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { checkEmbeddings, flipTest, pairDistances } from '../verification/embeddings.ts';
import { TemplatePool, templateDistances } from '../verification/templates.ts';
import type { FaceEmbeddings } from './embed-faces.ts';

/** A network of any engine: one of tfjs by `embedderOf` (embed-faces.ts), which is not loaded for others. */
export interface FaceEmbedder {
  /** Numbers of an embedding. */
  readonly dimension: number;
  /** Images of one call; few where the engine takes seconds for many, so that the progress moves. */
  readonly imagesAtATime: number;
  /** Embeds the chosen images and their mirror images. */
  embedFaces(faces: Pick<FaceSet, 'images' | 'size'>, indices: Int32Array): Promise<FaceEmbeddings>;
}

export interface ScoringOptions {
  readonly signal?: AbortSignal;
  /** Images embedded by every network, and images in all; called after every few of them. */
  readonly progress?: (done: number, total: number) => void;
}

/**
 * Scores a benchmark: the squared distance of each pair after the flip test, [pairs] in the source's order, 0 to 4; for
 * pairs of templates 2 - 2 cosine, so that one protocol takes both. Images are decoded and embedded chunk by chunk;
 * only a row of numbers an image, or a row a template, is kept.
 * @throws ImportError where an image cannot be decoded, VerificationProblem `not-finite` where an embedding is no
 * direction, or the signal's reason
 */
export async function scoreBenchmark(
  network: FaceEmbedder,
  source: BenchmarkSource,
  options: ScoringOptions = {},
): Promise<Float64Array<ArrayBuffer>> {
  const scored = await scoreNetworks(new Map([['only', network]]), source, options);
  return scored.get('only') ?? new Float64Array(0);
}

/** The same for several networks, as the arms of a run, by their names: every image is decoded once for all. */
export async function scoreNetworks<Name extends string>(
  networks: ReadonlyMap<Name, FaceEmbedder>,
  source: BenchmarkSource,
  { signal, progress }: ScoringOptions = {},
): Promise<Map<Name, Float64Array<ArrayBuffer>>> {
  const scorers = [...networks].map(([name, network]) => {
    const { dimension } = network;
    const scorer = source.kind === 'pairs' ? pairScorer(source, dimension) : templateScorer(source, dimension);
    return { name, network, scorer };
  });
  const some = Math.min(...scorers.map(({ network }) => network.imagesAtATime));
  progress?.(0, source.imageCount);
  for await (const { first, count, images } of source.chunks(signal)) {
    const faces = { images, size: source.size };
    for (let from = 0; from < count; from += some) {
      const rows = Int32Array.from({ length: Math.min(some, count - from) }, (_, row) => from + row);
      for (const { network, scorer } of scorers) {
        const embeddings = await network.embedFaces(faces, rows);
        const { original, flipped, dimension } = embeddings;
        checkEmbeddings(original, flipped, dimension, (row) => imageName(source, first + from + row));
        scorer.add(first + from, embeddings);
        signal?.throwIfAborted();
      }
      progress?.(first + from + rows.length, source.imageCount);
    }
  }
  return new Map(scorers.map(({ name, scorer }) => [name, scorer.distances()]));
}

/** Where an image is found: "image 17 (pair 9, right)", counted from 1. */
function imageName({ kind, pairs }: BenchmarkSource, index: number): string {
  const image = `image ${index + 1}`;
  if (kind !== 'pairs') return image;
  const left = pairs.left.indexOf(index);
  const right = pairs.right.indexOf(index);
  if (left < 0 && right < 0) return image;
  const pair = left < 0 ? right : right < 0 ? left : Math.min(left, right);
  return `${image} (pair ${pair + 1}, ${pair === left ? 'left' : 'right'})`;
}

interface Scorer {
  add(first: number, embeddings: FaceEmbeddings): void;
  distances(): Float64Array<ArrayBuffer>;
}

function pairScorer(source: Extract<BenchmarkSource, { kind: 'pairs' }>, dimension: number): Scorer {
  const embeddings = new Float64Array(source.imageCount * dimension);
  return {
    add: (first, { original, flipped }) => embeddings.set(flipTest(original, flipped, dimension), first * dimension),
    distances: () => pairDistances(embeddings, dimension, source.pairs.left, source.pairs.right),
  };
}

function templateScorer(source: Extract<BenchmarkSource, { kind: 'templates' }>, dimension: number): Scorer {
  const pool = new TemplatePool(source, dimension);
  return {
    add: (first, { original, flipped }) => pool.add(first, original, flipped),
    distances: () => templateDistances(pool.finish(), source.pairs.left, source.pairs.right),
  };
}
