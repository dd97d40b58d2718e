import { stream, type Uniform } from '../../config/random.ts';
import { bell, clamp, mix } from './elementary.ts';

/**
 * The shape of a head: every entry is a deviation from the average head in standard deviations,
 * about -2.5 to 2.5. The text describes a positive value.
 */
export const SHAPE_PARAMETERS = {
  faceWidth: 'wider face',
  skullWidth: 'wider skull',
  foreheadSlope: 'forehead slopes back',
  foreheadHeight: 'higher hairline',
  jawWidth: 'wider jaw',
  jawSquare: 'squarer jaw',
  lowerFace: 'longer from nose to chin',
  chinWidth: 'wider chin',
  chinLength: 'longer chin',
  chinForward: 'chin further forward',
  cheekbone: 'stronger cheekbones',
  cheekFullness: 'fuller cheeks',
  browRidge: 'stronger brow ridge',
  eyeSpacing: 'eyes further apart',
  eyeSize: 'wider eyes',
  eyeOpening: 'eyes more open',
  eyeTilt: 'outer corners of the eyes higher',
  eyeDepth: 'deeper-set eyes',
  lidFold: 'heavier upper lids',
  browHeight: 'higher eyebrows',
  browThickness: 'thicker eyebrows',
  browArch: 'more arched eyebrows',
  browTilt: 'eyebrows rise outwards',
  browLength: 'longer eyebrows',
  noseLength: 'longer nose',
  noseWidth: 'wider nostrils',
  bridgeWidth: 'wider bridge of the nose',
  bridgeHeight: 'higher bridge of the nose',
  bridgeHump: 'humped nose',
  noseProjection: 'nose further forward',
  tipSize: 'rounder tip of the nose',
  tipTurn: 'tip of the nose turned up',
  philtrum: 'longer upper lip',
  mouthWidth: 'wider mouth',
  upperLip: 'fuller upper lip',
  lowerLip: 'fuller lower lip',
  lipForward: 'lips further forward',
  mouthCurve: 'corners of the mouth turned up',
  earSize: 'larger ears',
  earOut: 'ears stick out',
  eyeAsymmetry: 'left eye higher',
  noseAsymmetry: 'nose bent to the right',
  mouthAsymmetry: 'right corner of the mouth higher',
  browAsymmetry: 'left eyebrow higher',
} as const;

export type ShapeParameter = keyof typeof SHAPE_PARAMETERS;
export type Shape = Readonly<Record<ShapeParameter, number>>;
const SHAPE_NAMES = Object.keys(SHAPE_PARAMETERS) as readonly ShapeParameter[];

/** Who somebody is: everything that stays the same from photo to photo. Shares are 0 to 1. */
export interface Identity {
  readonly shape: Shape;
  /** 0 feminine to 1 masculine. */
  readonly sex: number;
  /** Usual age in years; a photo adds its own years to it. */
  readonly age: number;
  /** 0 the lightest to 1 the darkest skin. */
  readonly skinTone: number;
  /** Redness and yellowness of the skin, in standard deviations. */
  readonly skinRed: number;
  readonly skinYellow: number;
  /** 0 black, through brown and blond, to 1 white blond. */
  readonly hairLight: number;
  readonly hairRed: number;
  /** 0 dark brown, 0.5 hazel and green, 1 light blue. */
  readonly irisLight: number;
  readonly lipRed: number;
  readonly freckles: number;
  readonly eyeBags: number;
  readonly ruddyCheeks: number;
  /** Density of the beard where it grows, and how much of each part is worn. */
  readonly beard: number;
  readonly moustache: number;
  readonly goatee: number;
  readonly sideBeard: number;
  /** How far hair has gone at 40 years: 0 none to 1 bald. */
  readonly baldness: number;
  /** 0 shaved, 0.3 short, 1 below the shoulders. */
  readonly hairLength: number;
  readonly hairVolume: number;
  readonly fringe: number;
  /** -1 parted on the left to 1 on the right. */
  readonly parting: number;
  readonly curl: number;
  readonly makeup: number;
  /** Marks of the skin: [x, y, radius, darkness] in template pixels of the rest shape. */
  readonly marks: readonly (readonly [number, number, number, number])[];
  /** Decides the fine grain of skin, brows and hair. */
  readonly grain: number;
}

/** Groups people resemble: means of the traits that differ between parts of the world, and the spread of skin tone. */
interface Ancestry {
  readonly skin: readonly [number, number];
  readonly hairLight: readonly [number, number];
  readonly irisLight: readonly [number, number];
  readonly curl: number;
  readonly shape: Partial<Shape>;
}

const ANCESTRIES: readonly Ancestry[] = [
  {
    skin: [0.02, 0.32],
    hairLight: [0.1, 0.85],
    irisLight: [0.2, 1],
    curl: 0.2,
    shape: { bridgeHeight: 0.6, noseProjection: 0.5, noseWidth: -0.5, browRidge: 0.3, eyeDepth: 0.4, upperLip: -0.4 },
  },
  {
    skin: [0.25, 0.55],
    hairLight: [0, 0.25],
    irisLight: [0, 0.55],
    curl: 0.3,
    shape: { bridgeHeight: 0.7, noseLength: 0.6, bridgeHump: 0.6, browThickness: 0.6, eyeDepth: 0.3 },
  },
  {
    skin: [0.12, 0.45],
    hairLight: [0, 0.12],
    irisLight: [0, 0.15],
    curl: 0.05,
    shape: {
      faceWidth: 0.5,
      bridgeHeight: -1.1,
      noseProjection: -0.8,
      eyeDepth: -1,
      lidFold: 1.3,
      eyeOpening: -0.7,
      eyeTilt: 0.6,
      browThickness: -0.3,
      cheekbone: 0.5,
    },
  },
  {
    skin: [0.6, 1],
    hairLight: [0, 0.06],
    irisLight: [0, 0.1],
    curl: 0.95,
    shape: {
      noseWidth: 1.3,
      bridgeWidth: 0.8,
      bridgeHeight: -0.7,
      upperLip: 1.2,
      lowerLip: 1.1,
      lipForward: 0.9,
      noseLength: -0.2,
    },
  },
  {
    skin: [0.4, 0.75],
    hairLight: [0, 0.1],
    irisLight: [0, 0.15],
    curl: 0.25,
    shape: { browThickness: 0.5, noseWidth: 0.4, tipSize: 0.4, upperLip: 0.3, eyeSize: 0.4 },
  },
];

/** The mean difference that a masculine head adds and a feminine one subtracts. */
const MASCULINE: Partial<Shape> = {
  browRidge: 0.7,
  jawWidth: 0.6,
  jawSquare: 0.6,
  chinWidth: 0.6,
  chinLength: 0.3,
  browThickness: 0.8,
  browHeight: -0.6,
  browArch: -0.5,
  upperLip: -0.3,
  lowerLip: -0.3,
  noseWidth: 0.3,
  noseLength: 0.3,
  eyeOpening: -0.3,
  foreheadSlope: 0.4,
  cheekFullness: -0.2,
};

/** Draws person `index` of a part of the population from streams of their own. */
export function drawIdentity(seed: number, part: string, index: number): Identity {
  const uniform = stream(seed, 'identity', part, index);
  const masculine = uniform() < 0.55;
  const sex = clamp((masculine ? 0.82 : 0.18) + bell(uniform) * 0.12, 0, 1);
  const first = pick(ANCESTRIES, uniform);
  const second = pick(ANCESTRIES, uniform);
  const share = uniform() < 0.75 ? uniform() * 0.2 : uniform() * 0.5;
  const between = (of: (ancestry: Ancestry) => number) => mix(of(first), of(second), share);
  const within = (of: (ancestry: Ancestry) => readonly [number, number], at: number) =>
    mix(
      between((ancestry) => of(ancestry)[0]),
      between((ancestry) => of(ancestry)[1]),
      at,
    );
  const shape = Object.fromEntries(
    SHAPE_NAMES.map((name) => {
      const mean = between((ancestry) => ancestry.shape[name] ?? 0) * 0.8 + (sex - 0.5) * 2 * (MASCULINE[name] ?? 0);
      return [name, clamp(mean + bell(uniform), -2.8, 2.8)];
    }),
  ) as Shape; // fromEntries forgets the names; SHAPE_NAMES holds them all
  const bearded = masculine && uniform() < 0.45;
  const long = masculine ? uniform() < 0.12 : uniform() < 0.75;
  const irisAt = uniform();
  const hairAt = uniform();
  return {
    shape,
    sex,
    age: clamp(38 + bell(uniform) * 12, 19, 68),
    skinTone: clamp(
      within((a) => a.skin, uniform()),
      0,
      1,
    ),
    skinRed: bell(uniform),
    skinYellow: bell(uniform),
    hairLight: within((a) => a.hairLight, hairAt),
    hairRed: uniform() < 0.12 ? uniform() : uniform() * 0.25,
    irisLight: within((a) => a.irisLight, irisAt),
    lipRed: clamp(0.5 + bell(uniform) * 0.25, 0, 1),
    freckles: uniform() < 0.2 ? uniform() : 0,
    eyeBags: clamp(0.4 + bell(uniform) * 0.3, 0, 1),
    ruddyCheeks: clamp(0.4 + bell(uniform) * 0.3, 0, 1),
    beard: masculine ? clamp(0.35 + bell(uniform) * 0.25 + (bearded ? 0.5 : 0), 0.05, 1) : 0,
    moustache: bearded && uniform() < 0.8 ? 0.5 + uniform() * 0.5 : 0,
    goatee: bearded && uniform() < 0.75 ? 0.5 + uniform() * 0.5 : 0,
    sideBeard: bearded && uniform() < 0.5 ? 0.4 + uniform() * 0.6 : 0,
    baldness: masculine ? clamp(uniform() * 1.3 - 0.45, 0, 1) : 0,
    hairLength: long ? 0.5 + uniform() * 0.5 : masculine ? 0.08 + uniform() * 0.25 : 0.2 + uniform() * 0.3,
    hairVolume: uniform(),
    fringe: (masculine ? uniform() < 0.2 : uniform() < 0.35) ? 0.4 + uniform() * 0.6 : uniform() * 0.15,
    parting: uniform() * 2 - 1,
    curl: clamp(between((a) => a.curl) + bell(uniform) * 0.2, 0, 1),
    makeup: masculine ? 0 : uniform(),
    marks: Array.from({ length: Math.floor(uniform() * 5) }, () => [
      (uniform() - 0.5) * 60,
      24 + uniform() * 84,
      0.5 + uniform() * 0.7,
      0.3 + uniform() * 0.6,
    ]),
    grain: Math.floor(uniform() * 0x7fffffff),
  };
}

function pick<T>(values: readonly T[], uniform: Uniform): T {
  const value = values[Math.floor(uniform() * values.length)];
  if (value === undefined) throw new Error('There is nothing to pick from.');
  return value;
}
