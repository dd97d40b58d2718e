import { faceChoice } from '../config/face-choice.ts';
import type { RunConfig } from '../config/run-config.ts';
import { faceDigest } from '../faces/face-digest.ts';
import { type FaceSet, faceCount, sharedFaces } from '../faces/face-set.ts';
import { browserDecoder } from '../faces/import/browser-decoder.ts';
import { ImportError } from '../faces/import/import-error.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf, type ImportedFaces, type ImportSummary, summaryOf } from '../faces/import/imported-faces.ts';
import type { DecodeImage } from '../faces/import/read-image.ts';
import { DrawingStopped, type FaceDrawing } from '../faces/synthetic/face-drawing.ts';
import { populationDrawing, populationOf } from '../faces/synthetic/population.ts';
import { drawingOrder, trainingData } from '../training/data.ts';
import { RunFailure } from '../training/failure.ts';
import type { SessionOptions } from '../training/session.ts';
import type { FaceCache } from './face-cache.ts';
import type { DescribedFaces, ImportFile } from './protocol.ts';

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

/** The user's own files, for a run that takes more or fewer of their faces, and the faces read from them. */
interface OwnFaces {
  readonly given: Pick<GivenFaces, 'name' | 'files'>;
  /** Undefined until a run needs others than those of another worker. */
  readonly read: { readonly limits: Limits; readonly imported: ImportedFaces } | undefined;
}

/** The faces of a run, some of which may not be drawn yet. */
export type RunFaces = Pick<SessionOptions, 'faces' | 'ready'>;

/** A synthetic set that is being drawn, or has been. */
interface Drawing {
  readonly key: string;
  /** The drawing, or the set of an earlier visit. */
  readonly found: Promise<FaceDrawing | FaceSet>;
  /** Settles when all is drawn. */
  readonly done: Promise<unknown>;
  /** Receive the progress; empty while faces are drawn ahead of a run. */
  readonly watchers: Progress[];
}

/**
 * The faces of this worker: the dropped ones, and the last synthetic set. Kept until replaced or
 * forgotten; synthetic sets, and only those, are kept in `cache` for later visits too.
 */
export class FaceLibrary {
  readonly #cache: FaceCache | undefined;
  readonly #decoder: () => DecodeImage;
  #own: OwnFaces | undefined;
  /** Faces of another worker, for the runs that choose the same. */
  #adopted: { readonly choice: string; readonly faces: FaceSet } | undefined;
  /** Settles when the files last dropped are read. */
  #importing: Promise<unknown> = Promise.resolve();
  #drawing: Drawing | undefined;
  /** Settles when nothing wants the thread for itself any more. */
  #stillness: Promise<unknown> | undefined;

  constructor(cache?: FaceCache, decoder: () => DecodeImage = browserDecoder) {
    this.#cache = cache;
    this.#decoder = decoder;
  }

  /** Reads dropped files; on any failure the earlier faces stay. @throws ImportError, or the signal's reason */
  async import(given: GivenFaces): Promise<ImportSummary> {
    const reading = this.#read(given);
    this.#importing = reading.catch(() => {});
    const { given: files, limits, imported } = await reading;
    this.#own = { given: files, read: { limits, imported } };
    this.#adopted = undefined;
    return summaryOf(imported);
  }

  /** Takes the faces that another worker has for a config, and the files of the user's own for a config that chooses others. */
  adopt(config: RunConfig, faces: FaceSet, given: OwnFaces['given'] | undefined): void {
    this.#adopted = { choice: faceChoice(config), faces };
    this.#own = given && { given, read: undefined };
  }

  forget(): void {
    this.#own = undefined;
    this.#adopted = undefined;
  }

  /**
   * The faces a config asks for. Synthetic ones are drawn unless they are still there, in the order in which a run from
   * this step on needs them, and the run need not wait for the rest. @throws RunFailure `bad-faces`
   */
  async facesFor(config: RunConfig, step: number, progress: Progress, shouldStop: () => boolean): Promise<RunFaces> {
    if (config.faces === 'own') await this.#importing;
    if (this.#adopted?.choice === faceChoice(config)) return { faces: this.#adopted.faces };
    if (config.faces === 'own') {
      if (this.#own === undefined) {
        throw new RunFailure({
          code: 'bad-faces',
          message: 'This run uses your own faces, and none are here.',
          hint: 'Drop a folder or a .zip with one folder per person, or choose synthetic faces.',
        });
      }
      const imported = await this.#within(this.#own, config, progress, shouldStop);
      return { faces: faceSetOf(imported, { size: config.imageSize, region: config.region }) };
    }
    const drawing = this.#drawingOf(config, step);
    drawing.watchers.push(progress);
    const found = await drawing.found;
    return 'images' in found ? { faces: found } : { faces: found.faces, ready: (images) => found.ready(images) };
  }

  /** All faces of a config, none of which is still to be drawn. @throws as `facesFor` does */
  async wholeSet(config: RunConfig): Promise<FaceSet> {
    const never = () => false;
    const { faces } = await this.facesFor(config, 0, () => {}, never);
    const found = await this.#drawing?.found;
    if (found !== undefined && 'hurry' in found) found.hurry();
    await this.drawn();
    return faces;
  }

  /** The faces of a config, for other workers too, and their identity. @throws as `facesFor` does */
  async describe(config: RunConfig): Promise<DescribedFaces> {
    const faces = await this.wholeSet(config);
    const counts = { identities: faces.identities.length, images: faceCount(faces) };
    return { ...counts, digest: await faceDigest(faces), faces: sharedFaces(faces) };
  }

  /** Draws ahead of a run, so that Train finds the faces there; gives up the faces drawn ahead for other settings. */
  prepare(config: RunConfig): void {
    if (config.faces === 'synthetic') this.#drawingOf(config, 0);
  }

  /** Draws no faces ahead of a run while `work` has the thread for itself. */
  async whileStill(work: () => Promise<void>): Promise<void> {
    const done = work();
    const settled = done.catch(() => {});
    this.#stillness = settled;
    try {
      await done;
    } finally {
      if (this.#stillness === settled) this.#stillness = undefined;
    }
  }

  /** Settles once no synthetic faces are being drawn. */
  async drawn(): Promise<void> {
    await this.#drawing?.done;
  }

  async #read({ name, files, config, signal, progress }: GivenFaces) {
    const { maxIdentities, maxImagesPerIdentity } = config;
    const limits = { maxIdentities, maxImagesPerIdentity };
    const imported = await importFaces({ name, files, decode: this.#decoder(), signal, progress, limits });
    return { given: { name, files }, limits, imported };
  }

  /** The given faces within a run's limits; files are read again where these are not those they were read with. */
  async #within(
    own: OwnFaces,
    config: RunConfig,
    progress: Progress,
    shouldStop: () => boolean,
  ): Promise<ImportedFaces> {
    if (own.read !== undefined) {
      const { maxIdentities, maxImagesPerIdentity } = own.read.limits;
      const same = maxIdentities === config.maxIdentities && maxImagesPerIdentity === config.maxImagesPerIdentity;
      if (same) return own.read.imported;
    }
    const stop = new AbortController();
    const report: Progress = (done, total) => {
      if (shouldStop()) stop.abort(new DrawingStopped());
      else progress(done, total);
    };
    try {
      const { limits, imported } = await this.#read({ ...own.given, config, signal: stop.signal, progress: report });
      if (this.#own === own) this.#own = { ...own, read: { limits, imported } };
      return imported;
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      throw new RunFailure({ code: 'bad-faces', message: error.message, hint: error.hint });
    }
  }

  #drawingOf(config: RunConfig, step: number): Drawing {
    const key = JSON.stringify(populationOf(config));
    const drawing = this.#drawing?.key === key ? this.#drawing : this.#begin(key, config);
    this.#drawing = drawing;
    // Those of another seed may need them in another order.
    void drawing.found.then((found) => {
      if (!('images' in found)) found.prefer(orderFor(found.faces, config, step));
    });
    return drawing;
  }

  #begin(key: string, config: RunConfig): Drawing {
    const watchers: Progress[] = [];
    const isWanted = () => this.#drawing === drawing;
    const found = this.#cachedOrDrawn(key, config, watchers, isWanted);
    const done = found.then(async (drawing) => {
      if ('images' in drawing) return;
      const faces = await drawing.done.catch(() => undefined);
      if (faces !== undefined) void this.#cache?.keep(key, faces);
    });
    const drawing: Drawing = { key, found, done, watchers };
    return drawing;
  }

  async #cachedOrDrawn(
    key: string,
    config: RunConfig,
    watchers: readonly Progress[],
    isWanted: () => boolean,
  ): Promise<FaceDrawing | FaceSet> {
    const progress: Progress = (done, total) => {
      for (const watcher of watchers) watcher(done, total);
    };
    const found = await this.#cache?.find(key);
    // Reported once and whole, as nothing was drawn.
    if (found !== undefined) {
      progress(found.labels.length, found.labels.length);
      return found;
    }
    const shouldStop = () => !isWanted();
    const drawing = populationDrawing({
      ...populationOf(config),
      progress,
      shouldStop,
      pause: () => this.#stillness,
    });
    // Nobody trains yet; the first batch that a run asks for ends the ease.
    drawing.ease();
    return drawing;
  }
}

/** A run that cannot be trained on these faces reports the reason itself; their order does not matter then. */
function orderFor(faces: FaceSet, config: RunConfig, step: number): Int32Array[] {
  try {
    return drawingOrder(trainingData(faces, config), config, step);
  } catch {
    return [];
  }
}
