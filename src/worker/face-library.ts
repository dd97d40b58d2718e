import type { RunConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { browserDecoder } from '../faces/import/browser-decoder.ts';
import { ImportError } from '../faces/import/import-error.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf, type ImportedFaces, type ImportSummary, summaryOf } from '../faces/import/imported-faces.ts';
import type { DecodeImage } from '../faces/import/read-image.ts';
import { DrawingStopped, population } from '../faces/synthetic/population.ts';
import { RunFailure } from '../training/failure.ts';
import type { FaceCache } from './face-cache.ts';
import type { ImportFile } from './protocol.ts';

type Progress = (done: number, total: number) => void;

/** How many of the given faces are taken. */
type Limits = Pick<RunConfig, 'maxIdentities' | 'maxImagesPerIdentity'>;

/** Files that are to become faces. */
export interface GivenFaces {
  readonly name: string;
  readonly files: readonly ImportFile[];
  readonly config: Limits;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What was read of given files, and the files themselves for a run that takes more or fewer of them. */
interface OwnFaces {
  readonly given: Pick<GivenFaces, 'name' | 'files'>;
  readonly limits: Limits;
  readonly imported: ImportedFaces;
}

/** A synthetic set that is being drawn, or has been. */
interface Drawing {
  readonly key: string;
  readonly faces: Promise<FaceSet>;
  /** Receive the progress and can stop the drawing; empty while faces are drawn ahead of a run. */
  readonly watchers: { readonly progress: Progress; readonly shouldStop: () => boolean }[];
}

/**
 * The faces of this worker: what the user dropped, and the last synthetic set. Kept until replaced or
 * forgotten; synthetic sets, and only those, are kept in `cache` for later visits too.
 */
export class FaceLibrary {
  readonly #cache: FaceCache | undefined;
  readonly #decoder: () => DecodeImage;
  #own: OwnFaces | undefined;
  /** Settles when the files last dropped are read. */
  #importing: Promise<unknown> = Promise.resolve();
  #drawing: Drawing | undefined;

  constructor(cache?: FaceCache, decoder: () => DecodeImage = browserDecoder) {
    this.#cache = cache;
    this.#decoder = decoder;
  }

  /** Reads dropped files; on any failure what was there before stays. @throws ImportError, or the signal's reason */
  async import(given: GivenFaces): Promise<ImportSummary> {
    const reading = this.#read(given);
    this.#importing = reading.catch(() => {});
    this.#own = await reading;
    return summaryOf(this.#own.imported);
  }

  forget(): void {
    this.#own = undefined;
  }

  /** The faces a config asks for; synthetic ones are drawn unless they are still there. @throws RunFailure `bad-faces` */
  async facesFor(config: RunConfig, progress: Progress, shouldStop: () => boolean): Promise<FaceSet> {
    if (config.faces === 'own') {
      await this.#importing;
      if (this.#own === undefined) {
        throw new RunFailure({
          code: 'bad-faces',
          message: 'This run uses your own faces, and none are here.',
          hint: 'Drop a folder or a .zip with one folder per person, or choose synthetic faces.',
        });
      }
      const own = await this.#within(this.#own, config, progress, shouldStop);
      return faceSetOf(own.imported, { size: config.imageSize, region: config.region });
    }
    const drawing = this.#drawingOf(config);
    drawing.watchers.push({ progress, shouldStop });
    return drawing.faces;
  }

  /** Draws ahead of a run, so that Train finds the faces there; gives up what was drawn ahead for other settings. */
  prepare(config: RunConfig): void {
    // The run that asks for these faces gets the reason.
    if (config.faces === 'synthetic') this.#drawingOf(config).faces.catch(() => {});
  }

  /** Settles once no synthetic faces are being drawn. */
  async drawn(): Promise<void> {
    await this.#drawing?.faces.catch(() => {});
  }

  async #read({ name, files, config, signal, progress }: GivenFaces): Promise<OwnFaces> {
    const { maxIdentities, maxImagesPerIdentity } = config;
    const limits = { maxIdentities, maxImagesPerIdentity };
    const imported = await importFaces({ name, files, decode: this.#decoder(), signal, progress, limits });
    return { given: { name, files }, limits, imported };
  }

  /** The given faces within a run's limits; files are read again where these are not those they were read with. */
  async #within(own: OwnFaces, config: RunConfig, progress: Progress, shouldStop: () => boolean): Promise<OwnFaces> {
    const { maxIdentities, maxImagesPerIdentity } = own.limits;
    if (maxIdentities === config.maxIdentities && maxImagesPerIdentity === config.maxImagesPerIdentity) return own;
    const stop = new AbortController();
    const told: Progress = (done, total) => {
      if (shouldStop()) stop.abort(new DrawingStopped());
      else progress(done, total);
    };
    try {
      const read = await this.#read({ ...own.given, config, signal: stop.signal, progress: told });
      if (this.#own === own) this.#own = read;
      return read;
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      throw new RunFailure({ code: 'bad-faces', message: error.message, hint: error.hint });
    }
  }

  #drawingOf(config: RunConfig): Drawing {
    const { imageSize: size, region, facesSeed: seed, identities, imagesPerIdentity } = config;
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
    const { imageSize: size, region, facesSeed: seed, identities, imagesPerIdentity } = config;
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
