import { nextTask } from '../../config/next-task.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { FACE_CHANNELS, type RegionName } from '../../faces/face-set.ts';
import { FacePainter } from '../../faces/synthetic/face-painter.ts';
import type { FaceVersion } from '../../faces/synthetic/face-version.ts';
import { drawIdentity, type Identity } from '../../faces/synthetic/identity.ts';
import { drawNuisance } from '../../faces/synthetic/nuisance.ts';
import { IDENTITY_PARAMETERS, PHOTO_PARAMETERS, writeValues } from '../../faces/synthetic/parameters.ts';
import { plainPhoto } from '../../faces/synthetic/plain-photo.ts';
import { drawnAs } from '../../faces/synthetic/population.ts';
import { type DrawnPicture, type FaceOrder, GALLERY_LANES, type GalleryLane } from './protocol.ts';

/** As the training worker draws its people. */
const POPULATION_VARIATION = 'lfw';
/** Painters kept; each holds the buffers of one size. */
const MOST_PAINTERS = 6;

/**
 * Draws single faces, one between two messages of the page. New orders of a lane replace those that the
 * lane still waited for, so that a dragged slider never leaves a queue behind.
 */
export class Easel {
  readonly #deliver: (lane: GalleryLane, id: string, pictures: DrawnPicture[]) => void;
  readonly #waiting = new Map<GalleryLane, FaceOrder[]>();
  readonly #painters = new Map<string, FacePainter>();
  #last: { readonly key: string; readonly identity: Identity } | undefined;
  #drawing: Promise<void> | undefined;

  constructor(deliver: (lane: GalleryLane, id: string, pictures: DrawnPicture[]) => void) {
    this.#deliver = deliver;
  }

  /** Takes the newest orders of a lane; resolves once nothing waits any more. */
  order(lane: GalleryLane, orders: readonly FaceOrder[]): Promise<void> {
    this.#waiting.set(lane, [...orders]);
    this.#drawing ??= this.#drawAll().finally(() => {
      this.#drawing = undefined;
    });
    return this.#drawing;
  }

  async #drawAll(): Promise<void> {
    await nextTask();
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const { lane, order } = next;
      this.#deliver(lane, order.id, this.#draw(order));
      await nextTask();
    }
  }

  #next(): { readonly lane: GalleryLane; readonly order: FaceOrder } | undefined {
    for (const lane of GALLERY_LANES) {
      const order = this.#waiting.get(lane)?.shift();
      if (order !== undefined) return { lane, order };
    }
    return undefined;
  }

  #draw({ seed, person, photo: number, drawing, values, views }: FaceOrder): DrawnPicture[] {
    const identity = this.#identity(seed, person, values);
    const { ranges, version } = drawnAs(drawing ?? DEFAULT_CONFIG);
    const taken =
      number === undefined
        ? plainPhoto(seed, 'training', person)
        : drawNuisance(seed, 'training', person, number, POPULATION_VARIATION, ranges);
    const photo = writeValues(PHOTO_PARAMETERS, taken, values);
    return views.map(({ size, region }) => {
      const bytes = new Uint8Array(size * size * FACE_CHANNELS);
      this.#painter(size, region, version).paint(identity, photo, bytes);
      return { size, pixels: opaque(bytes) };
    });
  }

  /** The same object for the same person, so that a painter need not shape the head again for another photo. */
  #identity(seed: number, person: number, values: FaceOrder['values']): Identity {
    const own = IDENTITY_PARAMETERS.map(({ description }) => values[description.key]);
    const key = JSON.stringify([seed, person, own]);
    if (this.#last?.key !== key) {
      const identity = writeValues(IDENTITY_PARAMETERS, drawIdentity(seed, 'training', person), values);
      this.#last = { key, identity };
    }
    return this.#last.identity;
  }

  #painter(size: number, region: RegionName, version: FaceVersion): FacePainter {
    const key = `${size} ${region} ${version}`;
    const painter = this.#painters.get(key) ?? new FacePainter(size, region, version);
    if (!this.#painters.has(key) && this.#painters.size >= MOST_PAINTERS) this.#painters.clear();
    this.#painters.set(key, painter);
    return painter;
  }
}

/** RGB to RGBA, as a canvas takes it. */
function opaque(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    pixels[to] = rgb[from] ?? 0;
    pixels[to + 1] = rgb[from + 1] ?? 0;
    pixels[to + 2] = rgb[from + 2] ?? 0;
  }
  return pixels;
}
