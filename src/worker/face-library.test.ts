import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { trainingSet } from '../faces/import/testing/data-files.ts';
import { testDecoder } from '../faces/import/testing/dropped-files.ts';
import { DrawingStopped } from '../faces/synthetic/population.ts';
import { FaceCache } from './face-cache.ts';
import { FaceLibrary } from './face-library.ts';

const CONFIG: RunConfig = { ...DEFAULT_CONFIG, identities: 8, imagesPerIdentity: 12, imageSize: 16 };

/** Draws or finds the faces in a library of its own, as a new visit does. */
async function visit(config: RunConfig) {
  const told: number[] = [];
  const library = new FaceLibrary(new FaceCache({ version: 'a' }));
  const faces = await library.facesFor(
    config,
    (done) => told.push(done),
    () => false,
  );
  return { faces, told };
}

describe('FaceLibrary', () => {
  it('takes the faces of an earlier visit from the cache, the same bytes; another seed is drawn', async () => {
    const first = await visit(CONFIG);
    const second = await visit(CONFIG);
    expect(second.told).toEqual([96]);
    expect(first.told.length).toBeGreaterThan(1);
    expect(second.faces).toEqual(first.faces);
    const other = await visit({ ...CONFIG, facesSeed: CONFIG.facesSeed + 1 });
    expect(other.faces.images).not.toEqual(first.faces.images);
    expect(other.told.length).toBeGreaterThan(1);
  });

  it('draws ahead: a run that comes later joins in, and ahead of other settings gives way', async () => {
    const library = new FaceLibrary();
    library.prepare({ ...CONFIG, identities: 4000 });
    library.prepare(CONFIG);
    const told: number[] = [];
    const progress = (done: number) => told.push(done);
    const faces = await library.facesFor(CONFIG, progress, () => false);
    expect(faces.identities).toHaveLength(8);
    expect(told.at(-1)).toBe(96);
    const drawn = told.length;
    // There already: the same set, and nothing to tell.
    expect(await library.facesFor(CONFIG, progress, () => false)).toBe(faces);
    expect(told).toHaveLength(drawn);
  });

  it('stops for the run that asked, and draws again for the next', async () => {
    const library = new FaceLibrary();
    library.prepare({ ...CONFIG, identities: 4000 });
    const stopped = library.facesFor(
      { ...CONFIG, identities: 4000 },
      () => {},
      () => true,
    );
    await expect(stopped).rejects.toThrow(DrawingStopped);
    const faces = await library.facesFor(
      CONFIG,
      () => {},
      () => false,
    );
    expect(faces.identities).toHaveLength(8);
  });

  it('reads given faces again for a run that takes more or fewer of them, and keeps them where that fails', async () => {
    const library = new FaceLibrary(undefined, () => testDecoder);
    const contents = await trainingSet('insightface', 6, 4);
    const files = Object.entries(contents).map(([path, bytes]) => ({ path, file: new File([bytes], path) }));
    const given = { name: 'train.rec', files, signal: new AbortController().signal, progress: () => {} };
    const config: RunConfig = { ...CONFIG, faces: 'own', maxIdentities: 3, maxImagesPerIdentity: 2 };
    expect(await library.import({ ...given, config })).toMatchObject({ identities: 3, images: 6 });
    const facesFor = async (more: Partial<RunConfig>, shouldStop = () => false) => {
      const faces = await library.facesFor({ ...config, ...more }, () => {}, shouldStop);
      return [faces.identities.length, faces.labels.length];
    };
    expect(await facesFor({})).toEqual([3, 6]);
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
    await expect(facesFor({ maxImagesPerIdentity: 4 }, () => true)).rejects.toThrow(DrawingStopped);
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
    await expect(library.import({ ...given, files: [], config })).rejects.toMatchObject({ code: 'no-images' });
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
  });
});
