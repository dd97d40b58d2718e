import type { FaceSet, RegionName } from '../face-set.ts';
import { FaceDrawing } from './face-drawing.ts';
import { drawNuisance, type Nuisance } from './nuisance.ts';
import type { Variation } from './variation.ts';

/** Which part of the world's people a population is drawn from; the same seed never gives a person to two parts. */
export type PopulationPart = 'training' | 'validation' | 'test';

export interface PopulationOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number;
  readonly identities: number;
  readonly imagesPerIdentity: number;
  /** Width and height in pixels, 16 to 112. */
  readonly size: number;
  readonly region: RegionName;
  readonly variation: Variation;
  /** 'training' where it is not given. */
  readonly part?: PopulationPart;
  /** Called after every stretch of drawing with the numbers of images done and in all. */
  readonly progress?: (done: number, total: number) => void;
  /** Asked after every stretch of drawing; true ends it. */
  readonly shouldStop?: () => boolean;
}

/**
 * Draws people who do not exist. Images are ordered person by person; photo k shows person
 * floor(k / imagesPerIdentity). Gives way to other work on the thread every 40 ms.
 *
 * @throws DrawingStopped when `shouldStop` says so.
 */
export async function population(options: PopulationOptions): Promise<FaceSet> {
  return populationDrawing(options).done;
}

/** Like `population`, with each photo's nuisance from `nuisanceOf`. */
export async function drawFaces(
  options: PopulationOptions,
  nuisanceOf: (person: number, photo: number) => Nuisance,
): Promise<FaceSet> {
  return new FaceDrawing(options, nuisanceOf).done;
}

/** The drawing of `population(options)`, from which single images can be had before all are drawn. */
export function populationDrawing(options: PopulationOptions): FaceDrawing {
  const { seed, variation, part = 'training' } = options;
  return new FaceDrawing(options, (person, photo) => drawNuisance(seed, part, person, photo, variation));
}
