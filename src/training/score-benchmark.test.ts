import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import { faceSetSource, syntheticSource } from '../faces/face-set-source.ts';
import { heldOutPairs } from '../faces/held-out.ts';
import { describeOn } from '../kernels/testing/describe-on.ts';
import { architectureOf } from '../network/architecture.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { foldAccuracy } from '../verification/folds.ts';
import { embedderOf, embedFaces } from './embed-faces.ts';
import { scoreBenchmark, scoreNetworks } from './score-benchmark.ts';
import { tinyFaces } from './testing/tiny-faces.ts';
import { pairsResult, verifiedImages } from './verify-pairs.ts';

const CONFIG = { ...DEFAULT_CONFIG, imageSize: 16, filters: 8, width: 8, embeddingSize: 16 };
const networkOf = (seed: number) => FaceNetwork.create(architectureOf(CONFIG, 4), recipeOf(CONFIG), seed);
const embedder = (seed: number) => embedderOf(networkOf(seed));
const about = { id: undefined, name: 'tiny', origin: { kind: 'file', file: 'tiny.zip' } } as const;

/** More images than a chunk holds, and no multiple of one. */
const faces = tinyFaces(50, 6);
const pairs = heldOutPairs(
  faces,
  Int32Array.from(faces.labels, (_, index) => index),
  100,
  1,
);

const drawn = syntheticSource({ variation: 'ijb-b', seed: 3, pairs: 20, size: 16, region: 'tight' });

/** A source that gives its images in chunks of another size. */
function inChunksOf(source: BenchmarkSource, size: number): BenchmarkSource {
  async function* chunks() {
    const bytes = source.size * source.size * 3;
    for await (const { first, count, images } of source.chunks()) {
      for (let at = 0; at < count; at += size) {
        const some = Math.min(size, count - at);
        yield { first: first + at, count: some, images: images.subarray(at * bytes, (at + some) * bytes) };
      }
    }
  }
  return { ...source, chunks };
}

await describeOn('wasm', () => {
  test('pairs are scored as the held-out pairs of a run are, for every arm as for one alone', async () => {
    const source = faceSetSource(faces, pairs, about);
    const networks = new Map([
      ['standard', networkOf(1)],
      ['craft', networkOf(2)],
    ]);
    const seen: [number, number][] = [];
    const embedders = new Map([...networks].map(([name, network]) => [name, embedderOf(network)]));
    const scored = await scoreNetworks(embedders, source, { progress: (done, total) => seen.push([done, total]) });
    expect(seen.at(-1)).toEqual([300, 300]);
    const images = verifiedImages(pairs);
    for (const [name, network] of networks) {
      const distances = scored.get(name) ?? new Float64Array(0);
      const verified = pairsResult(await embedFaces(network, faces, images), images, pairs);
      expect({ ...foldAccuracy(distances, pairs.same), distances }).toEqual(verified);
      expect(distances).toEqual(await scoreBenchmark(embedderOf(network), source));
    }
    expect(scored.get('standard')).not.toEqual(scored.get('craft'));
  });

  test('how images are cut into chunks does not change a score, of pairs and of templates', async () => {
    const network = embedder(1);
    for (const source of [faceSetSource(faces, pairs, about), await drawn]) {
      const whole = await scoreBenchmark(network, source);
      expect(whole).toHaveLength(source.pairs.same.length);
      expect(await scoreBenchmark(network, inChunksOf(source, 100))).toEqual(whole);
    }
  });

  test('one template an image is a pair of images without the detector', async () => {
    const source = faceSetSource(faces, pairs, about);
    const ids = Int32Array.from({ length: 300 }, (_, image) => image);
    const scores = new Float32Array(300).fill(1);
    const network = embedder(1);
    const asTemplates = { ...source, kind: 'templates', templates: ids, media: ids, scores } as const;
    const found = await scoreBenchmark(network, asTemplates);
    const expected = await scoreBenchmark(network, source);
    expect(Math.max(...found.map((value, pair) => Math.abs(value - (expected[pair] ?? Number.NaN))))).toBeLessThan(
      1e-12,
    );
  });

  test('cancelling ends it with the reason of the signal', async () => {
    const source = faceSetSource(faces, pairs, about);
    const controller = new AbortController();
    const scoring = scoreBenchmark(embedder(1), source, {
      signal: controller.signal,
      progress: () => controller.abort(new Error('enough')),
    });
    await expect(scoring).rejects.toThrow('enough');
  });
});

describe('a source of drawn faces', () => {
  test('names whom each side of a pair shows, and gives an image again', async () => {
    const source = await drawn;
    const { identities, same } = source.pairs;
    expect([...(identities?.left ?? [])].map((left, pair) => Number(left === identities?.right[pair]))).toEqual([
      ...same,
    ]);
    for await (const { first, count, images } of source.chunks()) {
      const last = images.subarray((count - 1) * 768, count * 768);
      expect(await source.image(first + count - 1)).toEqual(last);
    }
  });
});
