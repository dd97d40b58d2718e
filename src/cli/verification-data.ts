import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { BenchmarkSource } from '../faces/benchmark-source.ts';
import { FACE_REGIONS, type FaceSet, faceCount, type RegionName } from '../faces/face-set.ts';
import { faceSetSource, syntheticSource } from '../faces/face-set-source.ts';
import { type FacePairs, heldOutPairs } from '../faces/held-out.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf } from '../faces/import/imported-faces.ts';
import { VARIATIONS } from '../faces/synthetic/variation.ts';
import { readPairsBin } from '../formats/pairs-bin.ts';
import { UsageError } from './arguments.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

/** What a model is verified on: the geometry is the one it was trained with. */
export interface VerificationDataOptions {
  readonly size: number;
  readonly region: RegionName;
  /** Pairs drawn from a folder of people or from a synthetic benchmark. */
  readonly pairs: number;
  readonly seed: number;
}

/**
 * Reads `synthetic:lfw` and its like, an InsightFace .bin, or a folder (or .zip) with one folder a person, from which
 * balanced pairs are drawn.
 */
export async function verificationData(data: string, options: VerificationDataOptions): Promise<BenchmarkSource> {
  if (data.startsWith('synthetic:')) {
    const variation = VARIATIONS.find((name) => name === data.slice('synthetic:'.length));
    if (variation === undefined) {
      throw new UsageError(`There is no "${data}". Choose synthetic: and one of ${VARIATIONS.join(', ')}.`);
    }
    return syntheticSource({ ...options, variation });
  }
  if (statSync(data, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file ${data}.`);
  return data.endsWith('.bin') ? pairsOfBin(data, options) : pairsOfFolder(data, options);
}

/** Images of a .bin show the whole template; they are cut to the region the model knows. */
async function pairsOfBin(path: string, options: VerificationDataOptions): Promise<BenchmarkSource> {
  const { images, same } = readPairsBin(readFileSync(path));
  // The import sorts by folder and name: all left images first, then all right ones, each in their order.
  const files = images.map((bytes, index) => ({
    path: `${index % 2 === 0 ? 'left' : 'right'}/${String(index >> 1).padStart(8, '0')}.jpg`,
    file: new Blob([Uint8Array.from(bytes)]),
  }));
  const imported = await importFaces({
    name: basename(path),
    files,
    decode: decodeWithSharp,
    imagesShow: 'full',
    limits: { maxImages: images.length },
  });
  const [bad] = imported.unreadable;
  if (bad !== undefined)
    throw new UsageError(`${imported.unreadableCount} images of ${path} cannot be read; ${bad.path} ${bad.reason}.`);
  const count = same.length;
  const left = Int32Array.from(same, (_, pair) => pair);
  const pairs: FacePairs = { left, right: left.map((pair) => pair + count), same, distinct: count };
  return faceSetSource(faceSetOf(imported, options), pairs, aboutFile(path));
}

async function pairsOfFolder(path: string, options: VerificationDataOptions): Promise<BenchmarkSource> {
  const imported = await importFaces({ name: basename(path), files: await filesOf(path), decode: decodeWithSharp });
  const faces: FaceSet = faceSetOf(imported, options);
  if (faces.region !== options.region) {
    const { left, top, size } = FACE_REGIONS[options.region];
    throw new UsageError(
      `The model knows the region (${left}, ${top}) + ${size}; the images of ${path} do not show it.`,
    );
  }
  const all = Int32Array.from({ length: faceCount(faces) }, (_, index) => index);
  return faceSetSource(faces, heldOutPairs(faces, all, options.pairs, options.seed), aboutFile(path));
}

function aboutFile(path: string) {
  const file = basename(path);
  return { id: undefined, name: file, origin: { kind: 'file', file } } as const;
}
