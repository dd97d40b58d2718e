import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { nextTask } from '../config/next-task.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { faceDigest } from '../faces/face-digest.ts';
import { faceAt } from '../faces/face-set.ts';
import { trainingSet } from '../faces/import/testing/data-files.ts';
import { testDecoder } from '../faces/import/testing/dropped-files.ts';
import { DrawingStopped } from '../faces/synthetic/face-drawing.ts';
import { trainingData } from '../training/data.ts';
import { FaceCache } from './face-cache.ts';
import { FaceLibrary } from './face-library.ts';

const CONFIG: RunConfig = { ...DEFAULT_CONFIG, identities: 8, imagesPerIdentity: 12, imageSize: 16 };

/** The faces of a run from its first step on, when all of them are there. */
async function allFaces(library: FaceLibrary, config: RunConfig, progress: (done: number) => void = () => {}) {
  const { faces, ready } = await library.facesFor(config, 0, progress, () => false);
  await ready?.(Int32Array.from(faces.labels, (_, index) => index));
  await library.drawn();
  return faces;
}

/** Draws or finds the faces in a library of its own, as a new visit does. */
async function visit(config: RunConfig) {
  const counts: number[] = [];
  const library = new FaceLibrary(new FaceCache({ version: 'a' }));
  return { faces: await allFaces(library, config, (done) => counts.push(done)), counts };
}

describe('FaceLibrary', () => {
  it('takes the faces of an earlier visit from the cache, the same bytes; another seed is drawn', async () => {
    const first = await visit(CONFIG);
    const second = await visit(CONFIG);
    expect(second.counts).toEqual([96]);
    expect(first.counts.length).toBeGreaterThan(1);
    expect(second.faces).toEqual(first.faces);
    const other = await visit({ ...CONFIG, facesSeed: CONFIG.facesSeed + 1 });
    expect(other.faces.images).not.toEqual(first.faces.images);
    expect(other.counts.length).toBeGreaterThan(1);
  });

  it('describes the faces of a config, so that others are told apart', async () => {
    const library = new FaceLibrary();
    const about = await library.describe(CONFIG);
    expect(about).toMatchObject({ identities: 8, images: 96 });
    expect(about.digest).toMatch(/^[0-9a-f]{64}$/);
    // Drawn for the description, and there for the run.
    expect(await faceDigest(await allFaces(library, CONFIG))).toBe(about.digest);
    const other = await new FaceLibrary().describe({ ...CONFIG, facesSeed: CONFIG.facesSeed + 1 });
    expect(other.digest).not.toBe(about.digest);
  });

  it('draws ahead: a run that comes later joins in, and ahead of other settings gives way', async () => {
    const library = new FaceLibrary();
    library.prepare({ ...CONFIG, identities: 4000 });
    library.prepare(CONFIG);
    const counts: number[] = [];
    const faces = await allFaces(library, CONFIG, (done) => counts.push(done));
    expect(faces.identities).toHaveLength(8);
    expect(counts.at(-1)).toBe(96);
    const drawn = counts.length;
    // There already: the same set, and nothing to report.
    expect(await allFaces(library, CONFIG)).toBe(faces);
    expect(counts).toHaveLength(drawn);
  });

  it('draws nothing while others have the thread for themselves', async () => {
    const library = new FaceLibrary();
    const large = { ...CONFIG, identities: 4000 };
    library.prepare(large);
    const { faces, ready } = await library.facesFor(
      large,
      0,
      () => {},
      () => false,
    );
    await ready?.(Int32Array.of(100));
    const drawn = () =>
      faces.labels.reduce((count, _, image) => count + Number(faceAt(faces, image).some((byte) => byte > 0)), 0);
    await library.whileStill(async () => {
      // The stretch under which it was called.
      await nextTask();
      const before = drawn();
      for (let turn = 0; turn < 20; turn++) await nextTask();
      expect(drawn()).toBe(before);
      expect(before).toBeGreaterThan(0);
    });
    const after = drawn();
    await ready?.(Int32Array.of(47_000));
    expect(drawn()).toBeGreaterThan(after);
    library.prepare(CONFIG);
  });

  it('gives up a drawing for good when other faces are wanted, the same ones later too', async () => {
    const library = new FaceLibrary();
    const large = { ...CONFIG, identities: 4000 };
    const { ready } = await library.facesFor(
      large,
      0,
      () => {},
      () => false,
    );
    const last = ready?.(Int32Array.of(47_999, 100, 20_000));
    library.prepare(CONFIG);
    library.prepare(large);
    await expect(last).rejects.toThrow(DrawingStopped);
    library.prepare(CONFIG);
  });

  it('has the first batch of a run while the rest is still drawn, at its step and for its seed', async () => {
    const library = new FaceLibrary();
    const config = { ...CONFIG, identities: 500, batchSize: 4 };
    library.prepare(config);
    for (const [seed, step] of [
      [1, 0],
      [2, 7],
    ] as const) {
      const run = { ...config, seed };
      const { faces, ready } = await library.facesFor(
        run,
        step,
        () => {},
        () => false,
      );
      const first = trainingData(faces, run).batches.imagesAt(step);
      await ready?.(first);
      const blank = faces.labels.reduce(
        (count, _, image) => count + Number(faceAt(faces, image).every((byte) => byte === 0)),
        0,
      );
      expect([...first].every((image) => faceAt(faces, image).some((byte) => byte > 0))).toBe(true);
      expect(blank).toBeGreaterThan(5000);
    }
    library.prepare(CONFIG);
  });

  it('reads given faces again for a run that takes more or fewer of them, and keeps them where that fails', async () => {
    const library = new FaceLibrary(undefined, () => testDecoder);
    const contents = await trainingSet('insightface', 6, 4);
    const files = Object.entries(contents).map(([path, bytes]) => ({ path, file: new File([bytes], path) }));
    const given = { name: 'train.rec', files, signal: new AbortController().signal, progress: () => {} };
    const config: RunConfig = { ...CONFIG, faces: 'own', maxIdentities: 3, maxImagesPerIdentity: 2 };
    expect(await library.import({ ...given, config })).toMatchObject({ identities: 3, images: 6 });
    const facesFor = async (more: Partial<RunConfig>, shouldStop = () => false) => {
      const { faces } = await library.facesFor({ ...config, ...more }, 0, () => {}, shouldStop);
      return [faces.identities.length, faces.labels.length];
    };
    expect(await facesFor({})).toEqual([3, 6]);
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
    await expect(facesFor({ maxImagesPerIdentity: 4 }, () => true)).rejects.toThrow(DrawingStopped);
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
    await expect(library.import({ ...given, files: [], config })).rejects.toMatchObject({ code: 'no-images' });
    expect(await facesFor({ maxIdentities: 5 })).toEqual([5, 10]);
  });

  it('trains on the faces of another worker as they are, and reads or draws where a run chooses others', async () => {
    const contents = await trainingSet('insightface', 6, 4);
    const files = Object.entries(contents).map(([path, bytes]) => ({ path, file: new File([bytes], path) }));
    const own = { name: 'train.rec', files };
    const given = { ...own, signal: new AbortController().signal, progress: () => {} };
    const decoder = () => testDecoder;
    const config: RunConfig = { ...CONFIG, faces: 'own', maxIdentities: 3, maxImagesPerIdentity: 2 };
    const first = new FaceLibrary(undefined, decoder);
    await first.import({ ...given, config });
    const { faces } = await first.describe(config);
    const library = new FaceLibrary(undefined, decoder);
    library.adopt(config, faces, own);
    expect(await allFaces(library, { ...config, seed: 2 })).toBe(faces);
    expect((await allFaces(library, { ...config, maxIdentities: 5 })).identities).toHaveLength(5);
    expect(await allFaces(library, config)).toBe(faces);
    expect((await allFaces(library, CONFIG)).identities).toHaveLength(8);
    await library.import({ ...given, config });
    expect(await allFaces(library, config)).not.toBe(faces);
    library.adopt(config, faces, own);
    library.forget();
    await expect(allFaces(library, config)).rejects.toMatchObject({ failure: { code: 'bad-faces' } });
  });
});
