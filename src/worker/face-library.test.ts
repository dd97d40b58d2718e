import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
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
    const other = await visit({ ...CONFIG, seed: CONFIG.seed + 1 });
    expect(other.faces.images).not.toEqual(first.faces.images);
    expect(other.told.length).toBeGreaterThan(1);
  });
});
