import type { RunConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { browserDecoder } from '../faces/import/browser-decoder.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf, type ImportedFaces, summaryOf } from '../faces/import/imported-faces.ts';
import { population } from '../faces/synthetic/population.ts';
import { RunFailure } from '../training/failure.ts';
import type { FaceCache } from './face-cache.ts';
import type { ImportFile, ImportSummary } from './protocol.ts';

type Progress = (done: number, total: number) => void;

/**
 * The faces of this worker: what the user dropped, and the last synthetic set. Kept until replaced or
 * forgotten; synthetic sets, and only those, are kept in `cache` for later visits too.
 */
export class FaceLibrary {
  readonly #cache: FaceCache | undefined;
  #imported: ImportedFaces | undefined;
  #drawn: { readonly key: string; readonly faces: FaceSet } | undefined;

  constructor(cache?: FaceCache) {
    this.#cache = cache;
  }

  /** Reads dropped files; on any failure what was there before stays. */
  async import(
    name: string,
    files: readonly ImportFile[],
    signal: AbortSignal,
    progress: Progress,
  ): Promise<ImportSummary> {
    const imported = await importFaces({ name, files, decode: browserDecoder(), signal, progress });
    this.#imported = imported;
    return summaryOf(imported);
  }

  forget(): void {
    this.#imported = undefined;
  }

  /** The faces a config asks for; synthetic ones are drawn unless they are still there. @throws RunFailure `bad-faces` */
  async facesFor(config: RunConfig, progress: Progress, shouldStop: () => boolean): Promise<FaceSet> {
    const { imageSize: size, region, seed, identities, imagesPerIdentity } = config;
    if (config.faces === 'own') {
      if (this.#imported === undefined) {
        throw new RunFailure({
          code: 'bad-faces',
          message: 'This run uses your own faces, and none are here.',
          hint: 'Drop a folder or a .zip with one folder per person, or choose synthetic faces.',
        });
      }
      return faceSetOf(this.#imported, { size, region });
    }
    const key = JSON.stringify([seed, identities, imagesPerIdentity, size, region]);
    if (this.#drawn?.key === key) return this.#drawn.faces;
    const found = await this.#cache?.find(key);
    const faces = found ?? (await this.#draw(config, progress, shouldStop));
    // Told once and whole, as nothing was drawn.
    if (found !== undefined) progress(found.labels.length, found.labels.length);
    else void this.#cache?.keep(key, faces);
    this.#drawn = { key, faces };
    return faces;
  }

  #draw(config: RunConfig, progress: Progress, shouldStop: () => boolean): Promise<FaceSet> {
    const { imageSize: size, region, seed, identities, imagesPerIdentity } = config;
    return population({
      seed,
      identities,
      imagesPerIdentity,
      size,
      region,
      variation: 'lfw',
      progress,
      shouldStop,
    });
  }
}
