import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeWithSharp, filesOf } from '../../src/cli/node-faces.ts';
import { DEFAULT_CONFIG } from '../../src/config/run-config.ts';
import type { TemplateSource } from '../../src/faces/benchmark-source.ts';
import { recogniseFiles } from '../../src/faces/import/recognise.ts';
import { sourceOfData } from '../../src/faces/import/source-of-data.ts';
import { writeNpz } from '../../src/formats/npz.ts';
import { pythonWith, textFrom } from '../../src/formats/testing/python.ts';
import { architectureOf } from '../../src/network/architecture.ts';
import { FaceNetwork } from '../../src/network/face-network.ts';
import { recipeOf } from '../../src/network/recipe.ts';
import { embedFaces } from '../../src/training/embed-faces.ts';

const CONFIG = { ...DEFAULT_CONFIG, imageSize: 32, filters: 16, width: 16, embeddingSize: 64 };

/** An untrained network: its quality does not matter where two scores of it are compared. */
export function untrainedNetwork(): FaceNetwork {
  return FaceNetwork.create(architectureOf(CONFIG, 8), recipeOf(CONFIG), 1);
}

/** Opens an IJB folder as `npm run verify` does, with the geometry of `untrainedNetwork`. */
export async function openIjb(path: string): Promise<TemplateSource> {
  const { found, problems } = await recogniseFiles({ name: 'IJBC', files: await filesOf(path) });
  const [data] = found;
  if (data === undefined) throw problems[0];
  const { imageSize: size, region, seed } = CONFIG;
  const source = await sourceOfData(data, { size, region, pairs: 0, seed, decode: decodeWithSharp });
  if (source.kind !== 'templates') throw new Error('An IJB folder was expected.');
  return source;
}

/** A Python with the packages of the reference. */
export const referencePython = pythonWith('numpy', 'scipy', 'sklearn');

const measures = z.object({
  scores: z.array(z.number()),
  areaUnderCurve: z.number(),
  equalErrorRate: z.number(),
  tarAtNearestFar: z.array(z.number()),
});

/** The numpy reference's scores of the same embeddings; `folder` takes the file they are handed over in. */
export async function referenceScores(network: FaceNetwork, source: TemplateSource, folder: string) {
  const dimension = network.architecture.embeddingSize;
  const original = new Float32Array(source.imageCount * dimension);
  const flipped = new Float32Array(source.imageCount * dimension);
  for await (const { first, count, images } of source.chunks()) {
    const rows = Int32Array.from({ length: count }, (_, row) => row);
    const embeddings = await embedFaces(network, { images, size: source.size }, rows);
    original.set(embeddings.original, first * dimension);
    flipped.set(embeddings.flipped, first * dimension);
  }
  const { imageCount, templates, media, scores } = source;
  const { left, right, same } = source.pairs;
  const file = join(folder, 'embeddings.npz');
  const pairs = [same.length];
  writeFileSync(
    file,
    writeNpz({
      original: { type: 'float32', shape: [imageCount, dimension], data: original },
      flipped: { type: 'float32', shape: [imageCount, dimension], data: flipped },
      templates: { type: 'int32', shape: [imageCount], data: templates },
      media: { type: 'int32', shape: [imageCount], data: media },
      scores: { type: 'float32', shape: [imageCount], data: scores },
      left: { type: 'int32', shape: pairs, data: left },
      right: { type: 'int32', shape: pairs, data: right },
      same: { type: 'bool', shape: pairs, data: same },
    }),
  );
  const script = join(import.meta.dirname, '..', 'verification-reference.py');
  return measures.parse(JSON.parse(textFrom(referencePython.run([script, 'templates', file]))));
}
