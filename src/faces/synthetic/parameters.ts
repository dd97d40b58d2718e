import { clamp } from './elementary.ts';
import type { Identity, Shape } from './identity.ts';
import type { Glasses, Hat, Nuisance, Occluder } from './nuisance.ts';

/** How the value of a slider is put into words. */
export type Wording =
  /** The range in even parts, each with a word. */
  | { readonly kind: 'scale'; readonly words: readonly string[] }
  /** Whole numbers, each with a name of its own. */
  | { readonly kind: 'names'; readonly words: readonly string[] }
  /** A number with its unit, and words for less than 0, for 0 and for more. */
  | {
      readonly kind: 'amount';
      readonly unit: string;
      readonly below?: string;
      readonly zero?: string;
      readonly above?: string;
    };

/** One slider over faces, as plain data. */
export interface SliderDescription {
  readonly key: string;
  readonly label: string;
  /** Identity decides who it is; a photo must not. */
  readonly group: 'identity' | 'photo';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The neutral value: the filled part of the slider starts here. */
  readonly rest: number;
  readonly wording: Wording;
}

/** A slider and its effect on a face. */
export interface FaceParameter<Subject> {
  readonly description: SliderDescription;
  readonly read: (subject: Subject) => number;
  readonly write: (subject: Subject, value: number) => Subject;
}

const GLASSES: readonly Glasses[] = ['none', 'clear', 'dark'];
const HATS: readonly Hat[] = ['none', 'cap', 'beanie', 'scarf'];
const OCCLUDERS: readonly Occluder[] = ['none', 'hand', 'mask', 'microphone'];
const DEGREE = Math.PI / 180;
/** Eye colour, hair colour and skin step finely; options one by one. */
const FINE = 0.01;

/** The parameters that change a person most. */
export const IDENTITY_PARAMETERS: readonly FaceParameter<Identity>[] = [
  ofShape('faceWidth', 'Face width', ['narrow', 'medium', 'wide'], ['faceWidth', 'skullWidth']),
  ofShape('jaw', 'Jaw', ['soft', 'medium', 'square'], ['jawSquare', 'jawWidth']),
  ofShape('noseLength', 'Nose', ['short', 'medium', 'long'], ['noseLength']),
  ofShape('noseWidth', 'Nose width', ['narrow', 'medium', 'wide'], ['noseWidth']),
  ofShape('eyeSpacing', 'Eye distance', ['close', 'medium', 'far'], ['eyeSpacing']),
  ofShape('brows', 'Eyebrows', ['thin', 'medium', 'thick'], ['browThickness']),
  ofShape('lips', 'Lips', ['thin', 'medium', 'full'], ['lowerLip', 'upperLip']),
  ofShare('skinTone', 'Skin', { kind: 'scale', words: ['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(ofNine) }),
  ofShare('irisLight', 'Eye colour', { kind: 'scale', words: ['brown', 'hazel', 'green', 'grey', 'blue'] }),
  ofShare('hairLight', 'Hair colour', { kind: 'scale', words: ['black', 'dark brown', 'brown', 'blond', 'fair'] }),
  ofShare('hairLength', 'Hair', { kind: 'scale', words: ['shaved', 'short', 'medium', 'long', 'very long'] }),
  {
    description: {
      ...{ key: 'beard', label: 'Beard', group: 'identity', min: 0, max: 1, step: FINE, rest: 0 },
      wording: { kind: 'scale', words: ['none', 'stubble', 'short', 'full'] },
    },
    read: ({ beard, moustache, goatee, sideBeard }) => beard * ((moustache + goatee + sideBeard) / 3),
    write: (identity, value) => {
      const worn = Math.sqrt(value);
      return { ...identity, beard: worn, moustache: worn, goatee: worn, sideBeard: worn };
    },
  },
];

/** The parameters that change a photo most. */
export const PHOTO_PARAMETERS: readonly FaceParameter<Nuisance>[] = [
  ofAngle('pose', 'Pose', 90, { below: 'left', above: 'right' }, 'yaw'),
  ofAngle('nod', 'Nod', 30, { below: 'up', above: 'down' }, 'pitch'),
  {
    description: ofPhoto('light', 'Light', [-90, 90, 1], 0, {
      ...{ kind: 'amount', unit: '°' },
      ...{ below: 'left', zero: 'in front', above: 'right' },
    }),
    read: ({ lightAzimuth }) => lightAzimuth / DEGREE,
    // Light from the side shows only where it is more than the light of the room.
    write: (photo, value) => ({
      ...photo,
      lightAzimuth: value * DEGREE,
      lightShare: Math.max(photo.lightShare, 0.35 + (0.45 * Math.abs(value)) / 90),
    }),
  },
  {
    description: ofPhoto('brightness', 'Brightness', [0.2, 0.7, FINE], 0.45, {
      ...{ kind: 'scale', words: ['dusk', 'dim', 'daylight', 'bright', 'glaring'] },
    }),
    read: ({ mean }) => mean,
    // A dark picture has less room for contrast.
    write: (photo, value) => ({ ...photo, mean: value, contrast: Math.min(photo.contrast, value * 0.6) }),
  },
  {
    description: ofPhoto('years', 'Age', [-30, 40, 1], 0, {
      ...{ kind: 'amount', unit: ' years' },
      ...{ below: 'younger', zero: 'as usual', above: 'older' },
    }),
    read: ({ years }) => years,
    write: (photo, value) => ({ ...photo, years: value }),
  },
  {
    description: ofPhoto('expression', 'Expression', [-1, 1, FINE], 0, {
      ...{ kind: 'scale', words: ['frown', 'serious', 'calm', 'smile', 'laugh'] },
    }),
    read: ({ movements }) => movements.smile - movements.frown,
    write: (photo, value) => {
      const movements = { ...photo.movements, smile: Math.max(0, value), frown: Math.max(0, -value) };
      return { ...photo, movements };
    },
  },
  {
    description: ofPhoto('mouth', 'Mouth', [0, 1, FINE], 0, {
      kind: 'scale',
      words: ['closed', 'ajar', 'open', 'wide'],
    }),
    read: ({ movements }) => movements.jawOpen,
    write: (photo, value) => ({ ...photo, movements: { ...photo.movements, jawOpen: value } }),
  },
  ofOptions('glasses', 'Glasses', GLASSES),
  ofOptions('hat', 'Hat', HATS),
  ofOptions('occluder', 'Covered by', OCCLUDERS, ['nothing', 'hand', 'mask', 'microphone']),
  {
    description: ofPhoto('blur', 'Blur', [0, 4, 0.1], 0, { kind: 'amount', unit: ' px', zero: 'none' }),
    read: ({ blur }) => blur,
    write: (photo, value) => ({ ...photo, blur: value }),
  },
  {
    description: ofPhoto('resolution', 'Resolution', [12, 112, 1], 112, { kind: 'amount', unit: ' px' }),
    read: ({ resolution }) => resolution,
    write: (photo, value) => ({ ...photo, resolution: value }),
  },
];

/** Values of a subject by the keys of its parameters, within their ranges. */
export function readValues<Subject>(
  parameters: readonly FaceParameter<Subject>[],
  subject: Subject,
): Record<string, number> {
  return Object.fromEntries(
    parameters.map(({ description: { key, min, max }, read }) => [key, clamp(read(subject), min, max)]),
  );
}

/** The subject with the values that are given; unknown keys and NaN change nothing. */
export function writeValues<Subject>(
  parameters: readonly FaceParameter<Subject>[],
  subject: Subject,
  values: Readonly<Record<string, number>>,
): Subject {
  let written = subject;
  for (const { description, write } of parameters) {
    const value = values[description.key];
    if (value !== undefined && Number.isFinite(value)) {
      written = write(written, clamp(value, description.min, description.max));
    }
  }
  return written;
}

function ofNine(word: string): string {
  return `${word} of 9`;
}

/** Moves parameters of the head's shape together; reads the first of them. */
function ofShape(
  key: string,
  label: string,
  words: readonly string[],
  names: readonly [keyof Shape, ...(keyof Shape)[]],
): FaceParameter<Identity> {
  return {
    description: {
      ...{ key, label, group: 'identity', min: -2.5, max: 2.5, step: 0.05, rest: 0 },
      wording: { kind: 'scale', words },
    },
    read: ({ shape }) => shape[names[0]],
    write: (identity, value) => {
      const change = value - identity.shape[names[0]];
      const moved = names.map((name) => [name, clamp(identity.shape[name] + change, -2.8, 2.8)]);
      return { ...identity, shape: { ...identity.shape, ...Object.fromEntries(moved) } };
    },
  };
}

function ofShare(
  key: 'skinTone' | 'irisLight' | 'hairLight' | 'hairLength',
  label: string,
  wording: Wording,
): FaceParameter<Identity> {
  return {
    description: { key, label, group: 'identity', min: 0, max: 1, step: FINE, rest: 0, wording },
    read: (identity) => identity[key],
    write: (identity, value) => ({ ...identity, [key]: value }),
  };
}

function ofPhoto(
  key: string,
  label: string,
  [min, max, step]: readonly [number, number, number],
  rest: number,
  wording: Wording,
): SliderDescription {
  return { key, label, group: 'photo', min, max, step, rest, wording };
}

function ofAngle(
  key: string,
  label: string,
  most: number,
  sides: { readonly below: string; readonly above: string },
  name: 'yaw' | 'pitch',
): FaceParameter<Nuisance> {
  return {
    description: ofPhoto(key, label, [-most, most, 1], 0, { kind: 'amount', unit: '°', zero: 'straight', ...sides }),
    read: (photo) => photo[name] / DEGREE,
    write: (photo, value) => ({ ...photo, [name]: value * DEGREE }),
  };
}

function ofOptions<Name extends 'glasses' | 'hat' | 'occluder'>(
  key: Name,
  label: string,
  options: readonly Nuisance[Name][],
  words: readonly string[] = options,
): FaceParameter<Nuisance> {
  return {
    description: ofPhoto(key, label, [0, options.length - 1, 1], 0, { kind: 'names', words }),
    read: (photo) => options.indexOf(photo[key]),
    write: (photo, value) => ({ ...photo, [key]: options[Math.round(value)] ?? photo[key] }),
  };
}
