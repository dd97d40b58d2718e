import { type BenchmarkSource, CHUNK_IMAGES, type ImageChunk } from './benchmark-source.ts';
import { type FaceSet, faceAt, faceCount } from './face-set.ts';
import type { FacePairs } from './held-out.ts';
import { type BenchmarkOptions, type SyntheticBenchmark, syntheticBenchmark } from './synthetic/benchmarks.ts';

/**
 * Draws the analogue of a benchmark; all of its images are drawn before the first is given.
 * @throws DrawingStopped when `shouldStop` says so.
 */
export async function syntheticSource(options: BenchmarkOptions): Promise<BenchmarkSource> {
  return sourceOfSynthetic(await syntheticBenchmark(options), options);
}

/** Pairs of faces that are in memory, as those of a folder of people. */
export function faceSetSource(
  faces: FaceSet,
  pairs: FacePairs,
  about: Pick<BenchmarkSource, 'id' | 'name' | 'origin' | 'unreadable' | 'copies' | 'distinct'>,
): BenchmarkSource {
  const person = (image: number) => faces.labels[image] ?? 0;
  const identities = { left: pairs.left.map(person), right: pairs.right.map(person) };
  const { left, right, same } = pairs;
  return { kind: 'pairs', ...about, ...imagesOf(faces), pairs: { left, right, same, identities } };
}

function sourceOfSynthetic(benchmark: SyntheticBenchmark, { variation }: BenchmarkOptions): BenchmarkSource {
  const about = { id: variation, name: benchmark.name, origin: { kind: 'synthetic' } } as const;
  const { faces } = benchmark;
  if (benchmark.kind === 'pairs') return faceSetSource(faces, benchmark.pairs, about);
  const { templates, media, scores, left, right, same } = benchmark;
  const personOf = new Map(Array.from(templates, (template, image) => [template, faces.labels[image] ?? 0]));
  const people = (ids: Int32Array<ArrayBuffer>) => ids.map((template) => personOf.get(template) ?? 0);
  const pairs = { left, right, same, identities: { left: people(left), right: people(right) } };
  return { kind: 'templates', ...about, ...imagesOf(faces), templates, media, scores, pairs };
}

function imagesOf(faces: FaceSet) {
  const imageCount = faceCount(faces);
  const { size, region } = faces;
  async function* chunks(signal?: AbortSignal): AsyncGenerator<ImageChunk> {
    for (let first = 0; first < imageCount; first += CHUNK_IMAGES) {
      signal?.throwIfAborted();
      const count = Math.min(CHUNK_IMAGES, imageCount - first);
      const bytes = faceAt(faces, 0).length;
      yield { first, count, images: faces.images.subarray(first * bytes, (first + count) * bytes) };
    }
  }
  return { imageCount, size, region, chunks, image: async (index: number) => faceAt(faces, index).slice() };
}
