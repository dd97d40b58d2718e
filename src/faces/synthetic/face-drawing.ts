import { nextTask } from '../../config/next-task.ts';
import { FACE_CHANNELS, type FaceSet, faceAt } from '../face-set.ts';
import { FacePainter } from './face-painter.ts';
import type { Identity } from './identity.ts';
import type { Nuisance } from './nuisance.ts';
import { drawPerson } from './person.ts';
import type { PopulationOptions } from './population.ts';

/** Thrown when `shouldStop` ended the drawing. */
export class DrawingStopped extends Error {
  override readonly name = 'DrawingStopped';
  constructor() {
    super('Drawing the faces was stopped.');
  }
}

/**
 * Milliseconds of drawing before others on the thread get their turn. A run that starts asks its threads one thing after
 * the other, and each answer waits for the stretch that is being drawn.
 */
const STRETCH_MS = 10;
/** Of the time of a drawing at ease, the part in which it draws is one in so many. */
const EASE = 4;

interface Waiting {
  /** Images that are waited for. */
  readonly images: Int32Array;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A face set while it is drawn. Each image depends on its person and number alone, so that the bytes are the same in any
 * order. It gives way to other work on the thread every 10 ms.
 */
export class FaceDrawing {
  /** Whole but for the images that are not drawn yet, which are black. */
  readonly faces: FaceSet;
  /** The same set when all of it is drawn. Rejects with DrawingStopped where `shouldStop` has ended it. */
  readonly done: Promise<FaceSet>;
  readonly #options: PopulationOptions;
  readonly #nuisanceOf: (person: number, photo: number) => Nuisance;
  /** [images], 1 where it is drawn. */
  readonly #drawn: Uint8Array;
  #count = 0;
  /** Groups of images to draw one after the other, before the rest. */
  #wanted: Int32Array[] = [];
  #waiting: Waiting[] = [];
  #stopped: DrawingStopped | undefined;
  #atEase = false;

  /** Begins to draw, with each photo's nuisance from `nuisanceOf`; images are ordered person by person. */
  constructor(options: PopulationOptions, nuisanceOf: (person: number, photo: number) => Nuisance) {
    const { seed, identities, imagesPerIdentity, size, region, variation } = options;
    const total = identities * imagesPerIdentity;
    this.#options = options;
    this.#nuisanceOf = nuisanceOf;
    this.#drawn = new Uint8Array(total);
    this.faces = {
      images: new Uint8Array(total * size * size * FACE_CHANNELS),
      labels: Int32Array.from({ length: total }, (_, index) => Math.floor(index / imagesPerIdentity)),
      identities: Array.from({ length: identities }, (_, person) => `Person ${person}`),
      size,
      region,
      source: { kind: 'synthetic', seed, variation },
    };
    this.done = this.#draw();
    // Those who wait for some of the images are answered themselves.
    this.done.catch(() => {});
  }

  /** Draws these groups first from now on, one after the other. In a group the images of a person share work. */
  prefer(groups: readonly Int32Array[]): void {
    this.#wanted = [...groups];
  }

  /** Leaves the processor to others three quarters of the time, until images are asked for or it hurries. */
  ease(): void {
    this.#atEase = true;
  }

  /** Draws without rests from now on. */
  hurry(): void {
    this.#atEase = false;
  }

  /**
   * Resolves when these images are drawn, which go before all that is preferred; gives nothing where they are there.
   * @throws DrawingStopped
   */
  ready(images: Int32Array): Promise<void> | undefined {
    this.hurry();
    if (this.#have(images)) return undefined;
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped);
    return new Promise((resolve, reject) => this.#waiting.push({ images, resolve, reject }));
  }

  async #draw(): Promise<FaceSet> {
    const { size, region, version } = this.#options;
    const painter = new FacePainter(size, region, version);
    const total = this.#drawn.length;
    // The caller says first in which order it wants them.
    await undefined;
    let due = performance.now() + STRETCH_MS;
    while (this.#count < total) {
      const group = this.#next();
      let [person, identity] = [-1, this.#identityOf(0)];
      for (const index of group) {
        if (this.#personOf(index) !== person) {
          person = this.#personOf(index);
          identity = this.#identityOf(person);
        }
        const photo = index - person * this.#options.imagesPerIdentity;
        painter.paint(identity, this.#nuisanceOf(person, photo), faceAt(this.faces, index));
        this.#drawn[index] = 1;
        this.#count++;
        if (performance.now() < due) continue;
        await this.#giveWay();
        due = performance.now() + STRETCH_MS;
        // A group that is waited for goes first.
        if (this.#waiting.length > 0) break;
      }
      // They get the thread now: training begins while the rest is drawn.
      if (this.#answer()) await this.#giveWay();
    }
    this.#options.progress?.(total, total);
    return this.faces;
  }

  async #giveWay(): Promise<void> {
    this.#options.progress?.(this.#count, this.#drawn.length);
    this.#answer();
    if (this.#atEase) await new Promise((resolve) => setTimeout(resolve, (EASE - 1) * STRETCH_MS));
    else await nextTask();
    await this.#options.pause?.();
    if (this.#options.shouldStop?.() !== true) return;
    this.#stopped = new DrawingStopped();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#stopped);
    throw this.#stopped;
  }

  /** Images to draw now, ascending, so that those of a person follow each other. */
  #next(): Int32Array {
    const waited = this.#waiting[0];
    if (waited !== undefined) return this.#missing(waited.images);
    for (let group = this.#wanted[0]; group !== undefined; group = this.#wanted[0]) {
      const missing = this.#missing(group);
      if (missing.length > 0) return missing;
      this.#wanted.shift();
    }
    return this.#missing(Int32Array.from(this.#drawn, (_, index) => index));
  }

  #missing(images: Int32Array): Int32Array {
    return Int32Array.from(new Set(images.filter((index) => this.#drawn[index] === 0))).sort();
  }

  /** Whether there were some to answer. */
  #answer(): boolean {
    const still = this.#waiting.filter(({ images }) => !this.#have(images));
    const answered = this.#waiting.filter((one) => !still.includes(one));
    this.#waiting = still;
    for (const { resolve } of answered) resolve();
    return answered.length > 0;
  }

  #have(images: Int32Array): boolean {
    return images.every((index) => this.#drawn[index] === 1);
  }

  #personOf(index: number): number {
    return this.faces.labels[index] ?? 0;
  }

  #identityOf(person: number): Identity {
    const { seed, part = 'training', variation } = this.#options;
    return drawPerson(seed, part, person, variation);
  }
}
