import type { DrawingSettings } from '../../config/drawing-settings.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { FaceSet, RegionName } from '../face-set.ts';
import { FaceDrawing } from './face-drawing.ts';
import type { FaceVersion } from './face-version.ts';
import { drawNuisance, type Nuisance } from './nuisance.ts';
import { runVariation, type Variation, type VariationRanges } from './variation.ts';

/** Which part of the world's people a population is drawn from; the same seed never gives a person to two parts. */
export type PopulationPart = 'training' | 'validation' | 'test';

/** The settings of a run that its drawn faces depend on. */
export type DrawnFacesSettings = DrawingSettings &
  Pick<RunConfig, 'facesSeed' | 'identities' | 'imagesPerIdentity' | 'imageSize' | 'region'>;

export interface PopulationOptions {
  /** The same seed gives the same bytes. */
  readonly seed: number;
  readonly identities: number;
  readonly imagesPerIdentity: number;
  /** Width and height in pixels, 16 to 112. */
  readonly size: number;
  readonly region: RegionName;
  readonly variation: Variation;
  /** How widely the photos vary, where that is not as the variation has it. */
  readonly ranges?: VariationRanges;
  /** How faces are drawn; the newest where it is not given. */
  readonly version?: FaceVersion;
  /** 'training' where it is not given. */
  readonly part?: PopulationPart;
  /** Called after every stretch of drawing with the numbers of images done and in all. */
  readonly progress?: (done: number, total: number) => void;
  /** Asked after every stretch of drawing; the next one begins when this is settled. */
  readonly pause?: () => Promise<unknown> | undefined;
  /** Asked after every stretch of drawing; true ends it. */
  readonly shouldStop?: () => boolean;
}

/**
 * Draws people who do not exist. Images are ordered person by person; photo k shows person
 * floor(k / imagesPerIdentity). Gives way to other work on the thread every 10 ms.
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
  const { seed, variation, ranges, part = 'training' } = options;
  return new FaceDrawing(options, (person, photo) => drawNuisance(seed, part, person, photo, variation, ranges));
}

/** How the settings of a run have faces drawn. */
export function drawnAs(config: DrawingSettings): Required<Pick<PopulationOptions, 'ranges' | 'version'>> {
  return { ranges: runVariation(config), version: config.faceVersion === '2' ? 2 : 1 };
}

/** The drawn people of a run, and how their photos vary. */
export function populationOf(config: DrawnFacesSettings): PopulationOptions {
  const { facesSeed: seed, identities, imagesPerIdentity, imageSize: size, region } = config;
  return { seed, identities, imagesPerIdentity, size, region, variation: 'lfw', ...drawnAs(config) };
}
