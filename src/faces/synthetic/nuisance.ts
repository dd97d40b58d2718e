import { stream, type Uniform } from '../../config/random.ts';
import { bell, clamp, mix } from './elementary.ts';
import type { MovementWeights } from './expression.ts';
import { VARIATION_RANGES, type Variation, type VariationRanges } from './variation.ts';

export type Glasses = 'none' | 'clear' | 'dark';
export type Hat = 'none' | 'cap' | 'beanie' | 'scarf';
export type Occluder = 'none' | 'hand' | 'mask' | 'microphone';
export type Colour = readonly [number, number, number];

/** Everything about a photo that says nothing about who is on it. Angles in radians, shares 0 to 1. */
export interface Nuisance {
  /** Positive: the face turns to the right of the image, looks down, tips to the right shoulder. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Camera to head in template pixels (1.8 mm each): near cameras swell the nose. */
  readonly distance: number;
  /** Direction of the main light: 0 in front, positive to the right of the image; elevation upwards. */
  readonly lightAzimuth: number;
  readonly lightElevation: number;
  /** Share of the light that comes from the main light rather than from all around. */
  readonly lightShare: number;
  /** Colour of the main and of the surrounding light. */
  readonly lightColour: Colour;
  readonly ambientColour: Colour;
  /** A shadow of something outside the picture: how dark, its direction and where its edge runs. */
  readonly castShade: number;
  readonly castAngle: number;
  readonly castEdge: number;
  readonly movements: MovementWeights;
  readonly eyesClosed: number;
  readonly gazeX: number;
  readonly gazeY: number;
  /** Years added to the person's usual age. */
  readonly years: number;
  /** 1 the beard as usual, 0 freshly shaved. */
  readonly beardWorn: number;
  readonly makeupWorn: number;
  readonly sweat: number;
  /** Today's hair: fuller or flatter, parted differently, a little longer or shorter, from -1 to 1. */
  readonly hairVolume: number;
  readonly hairFringe: number;
  readonly glasses: Glasses;
  /** Half width and half height of a lens in template pixels and thickness of the rim. */
  readonly lens: readonly [number, number, number];
  readonly glassesColour: Colour;
  readonly hat: Hat;
  readonly hatColour: Colour;
  readonly hatHeight: number;
  readonly occluder: Occluder;
  readonly occluderX: number;
  readonly occluderY: number;
  readonly occluderColour: Colour;
  readonly clothesColour: Colour;
  /** Landmark errors of the detector in template pixels: x, y of the five landmarks. */
  readonly landmarkErrors: readonly number[];
  /** Mean and standard deviation of the finished picture's grey values, 0 to 1. */
  readonly mean: number;
  readonly contrast: number;
  /** 0 black and white, 1 natural, above it lurid. */
  readonly saturation: number;
  readonly tint: Colour;
  /** Standard deviation of the blur in template pixels, and its stretch along x by motion. */
  readonly blur: number;
  readonly motion: number;
  /** Width of the picture the 112 template was enlarged from, in pixels. */
  readonly resolution: number;
  /** Standard deviation of the sensor noise, 0 to 1. */
  readonly noise: number;
  /** Compression as JPEG counts it, 1 to 100; 100 is none. */
  readonly quality: number;
  /** Decides background, noise and the like. */
  readonly grain: number;
}

/**
 * Draws photo `image` of person `identity` from a stream that the person's looks do not touch. Other `ranges` than the
 * variation's own turn the same draws into other photos.
 */
export function drawNuisance(
  seed: number,
  part: string,
  identity: number,
  image: number,
  variation: Variation,
  ranges: VariationRanges = VARIATION_RANGES[variation],
): Nuisance {
  const uniform = stream(seed, 'photo', part, variation, identity, image);
  return nuisanceFrom(uniform, ranges, image);
}

/** Draws a photo within the ranges; even and odd photos take the two sides where a variation has sides. */
function nuisanceFrom(uniform: Uniform, ranges: VariationRanges, image: number): Nuisance {
  const between = (low: number, high: number) => mix(low, high, uniform());
  const either = (share: number) => uniform() < share;
  const sides = ranges.sides;
  const odd = image % 2 === 1;
  const turn = either(0.5) ? 1 : -1;
  let yaw = ranges.yawMiddle + bell(uniform) * ranges.yaw;
  if (sides === 'pose' && odd) yaw = turn * between(ranges.profile[0], ranges.profile[1]);
  let years = ranges.yearsMiddle + bell(uniform) * ranges.years;
  if (sides === 'age') years = (odd ? 1 : -1) * (ranges.gap / 2) + bell(uniform) * ranges.years;
  const degrees = Math.PI / 180;

  const smiling = either(0.45) ? between(0.3, 1) : between(0, 0.2);
  const talking = either(0.3) ? between(0.1, 0.6) : between(0, 0.06);
  const frowning = either(0.15) ? between(0.3, 1) : 0;
  const wears = uniform();
  const glasses: Glasses = wears < ranges.glasses ? (wears < ranges.glasses * 0.15 ? 'dark' : 'clear') : 'none';
  const covers = uniform();
  const hat: Hat =
    covers < ranges.hat ? ((['cap', 'beanie', 'scarf'] as const)[Math.floor(uniform() * 3)] ?? 'cap') : 'none';
  const hides = uniform();
  const occluder: Occluder =
    hides < ranges.occlusion
      ? ((['hand', 'mask', 'microphone', 'hand', 'microphone'] as const)[Math.floor(uniform() * 5)] ?? 'hand')
      : 'none';
  const colour = (): Colour => [between(0.04, 0.9), between(0.04, 0.9), between(0.04, 0.9)];
  const warmth = bell(uniform) * 0.1;
  const green = bell(uniform) * 0.03;
  const sky = bell(uniform) * 0.1;
  const grey = either(ranges.grey);
  const small = either(ranges.low);
  const exposure = sides === 'exposure' ? (odd ? OVEREXPOSED : UNDEREXPOSED) : NORMAL_EXPOSURE;
  return {
    yaw: clamp(yaw, -92, 92) * degrees,
    pitch: bell(uniform) * ranges.pitch * degrees,
    roll: bell(uniform) * 7 * degrees,
    distance: between(330, 1100),
    lightAzimuth: (ranges.lightMiddle + bell(uniform) * ranges.light) * degrees,
    lightElevation: (32 + bell(uniform) * 16) * degrees,
    lightShare: between(0.15, 0.55),
    lightColour: [1 + warmth, 1 + green, 1 - warmth],
    ambientColour: [1 - sky, 1, 1 + sky],
    castShade: either(0.07) ? between(0.2, 0.65) : 0,
    castAngle: between(0, 2 * Math.PI),
    castEdge: between(-25, 25),
    movements: {
      smile: smiling * ranges.expression,
      jawOpen: clamp(talking + smiling * between(0, 0.25), 0, 1) * ranges.expression,
      browRaise: (either(0.2) ? between(0.3, 1) : between(-0.2, 0.2)) * ranges.expression,
      frown: frowning * ranges.expression,
      pucker: either(0.08) ? between(0.3, 1) : 0,
      sag: 0,
      weight: bell(uniform) * ranges.weight,
    },
    eyesClosed: either(0.05) ? between(0.6, 1) : clamp(bell(uniform) * 0.12 + 0.05 + smiling * 0.22, 0, 0.5),
    gazeX: bell(uniform) * 0.35,
    gazeY: bell(uniform) * 0.2,
    years,
    beardWorn: beardWorn(either(0.25) ? between(0, 0.6) : between(0.75, 1), sides, odd),
    makeupWorn: between(0, 1),
    sweat: between(0, 1),
    hairVolume: bell(uniform) * 0.4,
    hairFringe: bell(uniform) * 0.25,
    glasses,
    lens: [between(9.5, 12.5), between(5.8, 9), between(0.6, 1.7)],
    glassesColour: either(0.6) ? [0.05, 0.05, 0.06] : colour(),
    hat,
    hatColour: colour(),
    hatHeight: between(18, 33),
    occluder,
    occluderX: between(-1, 1),
    occluderY: between(0, 1),
    occluderColour: either(0.5) ? [0.1, 0.1, 0.11] : colour(),
    clothesColour: colour(),
    landmarkErrors: Array.from({ length: 10 }, () => bell(uniform) * ranges.jitter),
    mean: clamp(exposure.mean + bell(uniform) * ranges.exposure * exposure.spread, ...exposure.within),
    contrast: clamp(exposure.contrast + bell(uniform) * 0.035 * exposure.spread, exposure.least, 0.3),
    saturation: grey ? 0 : clamp(1 + bell(uniform) * 0.22, 0.3, 1.7),
    tint: [1 + bell(uniform) * 0.09, 1, 1 + bell(uniform) * 0.11],
    blur: ranges.blurFrom + (small ? between(0.4, 1.6) : between(0, 0.7)) * ranges.blurScale,
    motion: either(0.1) ? between(1, 2.5) : 1,
    resolution: small ? between(ranges.lowest, 56) : between(64, 112),
    noise: either(0.4) ? between(0, ranges.noise) : between(0, 0.008),
    quality: either(0.7) ? between(ranges.quality, 96) : 100,
    grain: Math.floor(uniform() * 0x7fffffff),
  };
}

/** Of a benchmark whose sides differ in the beard, even photos are shaved and odd ones bearded. */
function beardWorn(usual: number, sides: VariationRanges['sides'], odd: boolean): number {
  return sides === 'beard' ? Number(odd) : usual;
}

/** Mean and contrast of a picture's grey values around which photos are exposed, how far they vary, and their bounds. */
interface ExposureRange {
  readonly mean: number;
  readonly contrast: number;
  /** Of the usual variation of both. */
  readonly spread: number;
  readonly within: readonly [number, number];
  readonly least: number;
}

const NORMAL_EXPOSURE: ExposureRange = { mean: 0.45, contrast: 0.22, spread: 1, within: [0.24, 0.66], least: 0.12 };
const UNDEREXPOSED: ExposureRange = { mean: 0.1, contrast: 0.07, spread: 0.4, within: [0.06, 0.16], least: 0.04 };
const OVEREXPOSED: ExposureRange = { mean: 0.87, contrast: 0.135, spread: 0.4, within: [0.8, 0.92], least: 0.08 };
