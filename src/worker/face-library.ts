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

/** A synthetic set that is being drawn, or has been. */
interface Drawing {
  readonly key: string;
  readonly faces: Promise<FaceSet>;
  /** Who is told how far it is, and asked whether it is to stop; nobody while it is drawn ahead of a run. */
  readonly watchers: { readonly progress: Progress; readonly shouldStop: () => boolean }[];
}

/**
 * The faces of this worker: what the user dropped, and the last synthetic set. Kept until replaced or
 * forgotten; synthetic sets, and only those, are kept in `cache` for later visits too.
 */
export class FaceLibrary {
  readonly #cache: FaceCache | undefined;
  #imported: ImportedFaces | undefined;
  /** Settles when the files last dropped are read. */
  #importing: Promise<unknown> = Promise.resolve();
  #drawing: Drawing | undefined;

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
    const reading = importFaces({ name, files, decode: browserDecoder(), signal, progress });
    this.#importing = reading.catch(() => {});
    const imported = await reading;
    this.#imported = imported;
    return summaryOf(imported);
  }

  forget(): void {
    this.#imported = undefined;
  }

  /** The faces a config asks for; synthetic ones are drawn unless they are still there. @throws RunFailure `bad-faces` */
  async facesFor(config: RunConfig, progress: Progress, shouldStop: () => boolean): Promise<FaceSet> {
    if (config.faces === 'own') {
      await this.#importing;
      if (this.#imported === undefined) {
        throw new RunFailure({
          code: 'bad-faces',
          message: 'This run uses your own faces, and none are here.',
          hint: 'Drop a folder or a .zip with one folder per person, or choose synthetic faces.',
        });
      }
      return faceSetOf(this.#imported, { size: config.imageSize, region: config.region });
    }
    const drawing = this.#drawingOf(config);
    drawing.watchers.push({ progress, shouldStop });
    return drawing.faces;
  }

  /** Draws ahead of a run, so that Train finds the faces there; gives up what was drawn ahead for other settings. */
  prepare(config: RunConfig): void {
    // Why it failed is told to the run that asks for these faces.
    if (config.faces === 'synthetic') this.#drawingOf(config).faces.catch(() => {});
  }

  #drawingOf(config: RunConfig): Drawing {
    const { imageSize: size, region, seed, identities, imagesPerIdentity } = config;
    const key = JSON.stringify([seed, identities, imagesPerIdentity, size, region]);
    if (this.#drawing?.key === key) return this.#drawing;
    const watchers: Drawing['watchers'] = [];
    const isWanted = () => this.#drawing === drawing && !watchers.some(({ shouldStop }) => shouldStop());
    const drawing: Drawing = { key, watchers, faces: this.#cachedOrDrawn(key, config, watchers, isWanted) };
    drawing.faces.catch(() => {
      if (this.#drawing === drawing) this.#drawing = undefined;
    });
    this.#drawing = drawing;
    return drawing;
  }

  async #cachedOrDrawn(
    key: string,
    config: RunConfig,
    watchers: Drawing['watchers'],
    isWanted: () => boolean,
  ): Promise<FaceSet> {
    const { imageSize: size, region, seed, identities, imagesPerIdentity } = config;
    const tell: Progress = (done, total) => {
      for (const { progress } of watchers) progress(done, total);
    };
    const found = await this.#cache?.find(key);
    // Told once and whole, as nothing was drawn.
    if (found !== undefined) {
      tell(found.labels.length, found.labels.length);
      return found;
    }
    const faces = await population({
      seed,
      identities,
      imagesPerIdentity,
      size,
      region,
      variation: 'lfw',
      progress: tell,
      shouldStop: () => !isWanted(),
    });
    void this.#cache?.keep(key, faces);
    return faces;
  }
}
