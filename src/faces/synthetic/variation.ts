import type { DrawingSettings } from '../../config/drawing-settings.ts';
import { rangeOf } from '../../config/field.ts';

/**
 * The benchmarks whose variation is imitated: the seven of a table, then Hadrian (beards) and Eclipse (exposure) of Wu et al.
 * 2024 (arXiv:2405.15965). They are analogues; no photo of any of them is used.
 */
export const VARIATIONS = [
  'lfw',
  'cfp-fp',
  'agedb-30',
  'calfw',
  'cplfw',
  'ijb-b',
  'ijb-c',
  'hadrian',
  'eclipse',
] as const;
export type Variation = (typeof VARIATIONS)[number];

/** How widely photos of one person vary. Angles in degrees, years in years, shares 0 to 1. */
export interface VariationRanges {
  /** Even and odd photos differ in pose, in age, in the beard, in exposure, or in nothing in particular. */
  readonly sides: 'none' | 'pose' | 'age' | 'beard' | 'exposure';
  /** Means of the draws. */
  readonly yawMiddle: number;
  readonly lightMiddle: number;
  readonly yearsMiddle: number;
  /** Standard deviations. */
  readonly yaw: number;
  readonly pitch: number;
  readonly light: number;
  readonly years: number;
  readonly weight: number;
  readonly exposure: number;
  /** Detector error of a landmark in template pixels. */
  readonly jitter: number;
  /** Yaw of the odd photos where the sides differ in pose: from, to. */
  readonly profile: readonly [number, number];
  /** Years between the sides where they differ in age. */
  readonly gap: number;
  readonly expression: number;
  /** Shares of photos. */
  readonly glasses: number;
  readonly hat: number;
  readonly occlusion: number;
  readonly grey: number;
  readonly low: number;
  /** Blur of the sharpest photo in template pixels, and the factor of the blur of all others. */
  readonly blurFrom: number;
  readonly blurScale: number;
  /** Smallest resolution, largest noise, lowest JPEG quality. */
  readonly lowest: number;
  readonly noise: number;
  readonly quality: number;
}

const UNCONSTRAINED: VariationRanges = {
  sides: 'none',
  yawMiddle: 0,
  lightMiddle: 0,
  yearsMiddle: 0,
  yaw: 12,
  pitch: 6,
  light: 22,
  years: 3,
  weight: 0.3,
  exposure: 0.07,
  jitter: 0.6,
  profile: [0, 0],
  gap: 0,
  expression: 1,
  glasses: 0.12,
  hat: 0.07,
  occlusion: 0.05,
  grey: 0.04,
  low: 0.12,
  blurFrom: 0,
  blurScale: 1,
  lowest: 36,
  noise: 0.03,
  quality: 45,
};

/** As photos are taken in an office: from the front, in even light, with nothing before the face. */
const IN_AN_OFFICE: VariationRanges = {
  ...UNCONSTRAINED,
  yaw: 5,
  pitch: 4,
  light: 10,
  glasses: 0,
  hat: 0,
  occlusion: 0,
  grey: 0,
};

export const VARIATION_RANGES: Readonly<Record<Variation, VariationRanges>> = {
  lfw: UNCONSTRAINED,
  'cfp-fp': { ...UNCONSTRAINED, sides: 'pose', yaw: 6, profile: [65, 90], jitter: 1.1 },
  'agedb-30': { ...UNCONSTRAINED, sides: 'age', gap: 30, years: 1.5, weight: 0.6, grey: 0.3, low: 0.2 },
  calfw: { ...UNCONSTRAINED, sides: 'age', gap: 18, years: 2, weight: 0.5, grey: 0.12 },
  cplfw: { ...UNCONSTRAINED, sides: 'pose', yaw: 12, profile: [30, 70], jitter: 1.1 },
  'ijb-b': { ...UNCONSTRAINED, yaw: 30, pitch: 12, low: 0.4, lowest: 20, occlusion: 0.12, noise: 0.05, jitter: 1.2 },
  'ijb-c': { ...UNCONSTRAINED, yaw: 33, pitch: 13, low: 0.45, lowest: 18, occlusion: 0.2, noise: 0.06, jitter: 1.3 },
  hadrian: { ...IN_AN_OFFICE, sides: 'beard' },
  eclipse: { ...IN_AN_OFFICE, sides: 'exposure' },
};

/** Blur of the most blurred photo where nothing is said, in template pixels. */
const MOST_BLURRED = 1.6;

/** How widely the photos that a run trains on vary: of a range that most photos lie within, a quarter is the deviation. */
export function runVariation({
  photoYaw,
  photoLight,
  photoYears,
  photoCovered,
  photoBlur,
}: DrawingSettings): VariationRanges {
  const within = (text: string) => {
    const [low, high] = rangeOf(text);
    return { middle: (low + high) / 2, deviation: (high - low) / 4 };
  };
  const [yaw, light, years] = [within(photoYaw), within(photoLight), within(photoYears)];
  const [sharpest, mostBlurred] = rangeOf(photoBlur);
  return {
    ...UNCONSTRAINED,
    yawMiddle: yaw.middle,
    yaw: yaw.deviation,
    lightMiddle: light.middle,
    light: light.deviation,
    yearsMiddle: years.middle,
    years: years.deviation,
    occlusion: photoCovered,
    blurFrom: sharpest,
    blurScale: (mostBlurred - sharpest) / MOST_BLURRED,
  };
}
