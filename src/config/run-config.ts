import { z } from 'zod';
import { choice, type Field, fieldRegistry, integer, range, real, shares, toggle } from './field.ts';

/**
 * Raised when a field changes its meaning. 1: `seed` also meant `splitSeed`, `facesSeed` and `testSeed`. 2: faces were drawn
 * as by `faceVersion` 1. Links and files of these versions keep their meaning.
 */
export const CONFIG_VERSION = 3;

const MOST_SEEDS = 2_147_483_647;

/**
 * Everything a run is: with the same faces, the same kind of adapter and the same config a run
 * repeats number for number. The single source for the type, the form, the URL, the JSON file,
 * the CLI flags and the difference of two runs.
 */
export const runConfigSchema = z.object({
  faces: choice({
    group: 'faces',
    label: 'Faces',
    help: 'Synthetic faces are drawn on this computer; your own come from a folder or a .zip with one folder per person, or a .rec file.',
    options: { synthetic: 'Synthetic', own: 'Your own' },
    default: 'synthetic',
  }),
  identities: integer({
    group: 'faces',
    label: 'People',
    help: 'How many different people the synthetic set holds.',
    min: 8,
    max: 4000,
    default: 256,
  }),
  imagesPerIdentity: integer({
    group: 'faces',
    label: 'Photos each',
    help: 'How many photos are drawn of every synthetic person.',
    min: 4,
    max: 100,
    default: 24,
  }),
  photoYaw: range({
    group: 'faces',
    label: 'Pose',
    help: 'How far heads turn to the left (below 0) and right: 19 of 20 drawn photos lie within.',
    unit: '°',
    min: -90,
    max: 90,
    step: 2,
    default: '-24 24',
  }),
  photoLight: range({
    group: 'faces',
    label: 'Light from',
    help: 'Where the main light comes from, left (below 0) or right: 19 of 20 drawn photos lie within.',
    unit: '°',
    min: -90,
    max: 90,
    step: 2,
    default: '-44 44',
  }),
  photoYears: range({
    group: 'faces',
    label: 'Age',
    help: 'How much younger (below 0) or older than usual people are: 19 of 20 drawn photos lie within.',
    unit: 'years',
    min: -30,
    max: 40,
    step: 1,
    default: '-6 6',
  }),
  photoCovered: real({
    group: 'faces',
    label: 'Covered faces',
    help: 'Share of the drawn photos with a hand, a mask or a microphone before the face.',
    min: 0,
    max: 0.6,
    step: 0.01,
    default: 0.05,
  }),
  photoBlur: range({
    group: 'faces',
    label: 'Blur',
    help: 'How blurred the drawn photos are, from the sharpest to the most blurred, in pixels of the 112 × 112 face.',
    unit: 'px',
    min: 0,
    max: 4,
    step: 0.1,
    default: '0 1.6',
  }),
  faceVersion: choice({
    group: 'faces',
    label: 'Drawing',
    help: 'How faces are drawn. In version 2 very dark skin keeps its colour and shines less, and eyes stare less; earlier runs had version 1.',
    options: { 1: 'Version 1', 2: 'Version 2' },
    default: '2',
  }),
  maxIdentities: integer({
    group: 'faces',
    label: 'People at most',
    help: 'How many people are taken from your own faces, evenly spaced among all; a training set may have a million.',
    min: 2,
    max: 100_000,
    default: 1000,
  }),
  maxImagesPerIdentity: integer({
    group: 'faces',
    label: 'Photos at most',
    help: 'How many photos are taken of each person of your own faces, evenly spaced among theirs.',
    min: 1,
    max: 1000,
    default: 100,
  }),
  imageSize: integer({
    group: 'faces',
    label: 'Image size',
    help: 'Width and height of every face the network sees.',
    unit: 'px',
    min: 16,
    max: 112,
    step: 8,
    default: 32,
  }),
  region: choice({
    group: 'faces',
    label: 'Region',
    help: 'Which part of the aligned 112 × 112 face is used: all of it, or the inner 80 × 80 without the background.',
    options: { tight: 'Inner face', full: 'Whole template' },
    default: 'tight',
  }),
  heldOutShare: real({
    group: 'faces',
    label: 'Held out',
    help: 'Share of the people who are never trained on and only used to measure accuracy.',
    min: 0.05,
    max: 0.5,
    step: 0.05,
    default: 0.2,
  }),
  splitSeed: integer({
    group: 'faces',
    label: 'Split seed',
    help: 'Decides who is held out. Runs of different seeds stay comparable while this one stays as it is.',
    min: 0,
    max: MOST_SEEDS,
    default: 1,
  }),
  facesSeed: integer({
    group: 'faces',
    label: 'Faces seed',
    help: 'Decides which synthetic people are drawn.',
    min: 0,
    max: MOST_SEEDS,
    default: 1,
  }),
  flip: toggle({
    group: 'faces',
    label: 'Mirror at random',
    help: 'Every image is mirrored left to right half of the time.',
    default: true,
  }),
  shift: integer({
    group: 'faces',
    label: 'Shift at random',
    help: 'Every image is moved by up to this many pixels.',
    unit: 'px',
    min: 0,
    max: 8,
    default: 0,
  }),

  kernelSize: choice({
    group: 'network',
    label: 'First kernel',
    help: 'Width and height of the first-layer filters.',
    options: { 3: '3 × 3', 5: '5 × 5', 7: '7 × 7' },
    default: '3',
  }),
  filters: integer({
    group: 'network',
    label: 'First-layer filters',
    help: 'How many filters look at the image first. ArcFace has 64.',
    min: 8,
    max: 64,
    step: 8,
    default: 32,
  }),
  body: choice({
    group: 'network',
    label: 'Body',
    help: 'Layers after the first: three plain strided convolutions, or residual stages as in InsightFace.',
    options: {
      plain: 'Plain, 3 convolutions',
      iresnet10: 'IResNet-10',
      iresnet18: 'IResNet-18',
      iresnet34: 'IResNet-34',
    },
    default: 'plain',
  }),
  width: integer({
    group: 'network',
    label: 'Body width',
    help: 'Channels of the first body stage. Plain bodies grow to 1.5 and 2 times this, IResNets to 8 times.',
    min: 8,
    max: 64,
    step: 8,
    default: 32,
  }),
  embeddingSize: integer({
    group: 'network',
    label: 'Embedding',
    help: 'How many numbers describe a face.',
    min: 16,
    max: 512,
    step: 16,
    default: 64,
  }),

  head: choice({
    group: 'recipe',
    label: 'Head',
    help: 'The loss that pulls photos of one person together: ArcFace adds a margin to the angle, CosFace to its cosine.',
    options: { arcface: 'ArcFace', cosface: 'CosFace', softmax: 'Plain softmax' },
    default: 'arcface',
  }),
  scale: real({
    group: 'recipe',
    label: 'Scale',
    help: 'Factor on the cosines before the softmax; InsightFace uses 64, few people need less.',
    min: 1,
    max: 128,
    step: 1,
    default: 32,
  }),
  margin: real({
    group: 'recipe',
    label: 'Margin',
    help: 'Angle (ArcFace) or cosine (CosFace) added for the right person; larger is stricter.',
    min: 0,
    max: 1,
    step: 0.05,
    default: 0.3,
  }),
  arcfaceGradient: choice({
    group: 'recipe',
    label: 'ArcFace gradient',
    help: "InsightFace's code lets the gradient skip the margin; the formula taken literally does not.",
    options: { insightface: 'As in InsightFace', literal: 'Literal' },
    default: 'insightface',
  }),
  batchSize: integer({
    group: 'recipe',
    label: 'Batch',
    help: 'Images per training step.',
    unit: 'images',
    shared: true,
    min: 2,
    max: 512,
    default: 32,
  }),
  steps: integer({
    group: 'recipe',
    label: 'Steps',
    help: 'Length of the run.',
    unit: 'steps',
    shared: true,
    min: 1,
    max: 1_000_000,
    default: 2400,
  }),
  learningRate: real({
    group: 'recipe',
    label: 'Learning rate',
    help: 'Size of a step, at its peak.',
    min: 0.0001,
    max: 2,
    step: 0.01,
    default: 0.1,
  }),
  schedule: choice({
    group: 'recipe',
    label: 'Schedule',
    help: 'How the learning rate falls after the warm-up.',
    options: { cosine: 'Cosine', polynomial: 'Linear to zero', constant: 'Constant', step: 'Drops' },
    default: 'cosine',
  }),
  dropsAt: shares({
    group: 'recipe',
    label: 'Drops at',
    help: 'Shares of the run at which the learning rate drops, in per cent, with spaces between them.',
    unit: '% of run',
    most: 10,
    default: '50 75 90',
  }),
  dropFactor: real({
    group: 'recipe',
    label: 'Drop factor',
    help: 'Factor of the learning rate at each drop.',
    min: 0.001,
    max: 1,
    step: 0.05,
    default: 0.1,
  }),
  warmupSteps: integer({
    group: 'recipe',
    label: 'Warm-up',
    help: 'Steps over which the learning rate rises from zero.',
    unit: 'steps',
    min: 0,
    max: 100_000,
    default: 200,
  }),
  momentum: real({
    group: 'recipe',
    label: 'Momentum',
    help: 'How much of the last step is carried into the next.',
    min: 0,
    max: 0.99,
    step: 0.05,
    default: 0.9,
  }),
  weightDecay: real({
    group: 'recipe',
    label: 'Weight decay',
    help: 'Pull of every weight towards zero: the cause of death of first-layer filters.',
    min: 0,
    max: 0.1,
    step: 0.001,
    default: 0.01,
  }),
  weightDecaySchedule: choice({
    group: 'recipe',
    label: 'Decay schedule',
    help: 'One weight decay for the whole run, or another from some point on.',
    options: { constant: 'Constant', change: 'Changes' },
    default: 'constant',
  }),
  laterWeightDecay: real({
    group: 'recipe',
    label: 'Later decay',
    help: 'The weight decay after the change.',
    min: 0,
    max: 0.1,
    step: 0.001,
    default: 0.0005,
  }),
  laterDecayFrom: real({
    group: 'recipe',
    label: 'Changes at',
    help: 'Share of the run after which the later weight decay holds.',
    unit: '% of run',
    min: 0,
    max: 100,
    step: 5,
    default: 50,
  }),
  decayBatchNorm: toggle({
    group: 'recipe',
    label: 'Decay batch norm',
    help: 'InsightFace pulls scales and shifts of batch norm towards zero as well; other trainers leave them out.',
    default: true,
  }),
  dropout: real({
    group: 'recipe',
    label: 'Dropout',
    help: 'Share of the features before the embedding that each training step leaves out at random.',
    min: 0,
    max: 0.9,
    step: 0.05,
    default: 0,
  }),
  clipNorm: real({
    group: 'recipe',
    label: 'Gradient clip',
    help: "Largest length of the backbone's gradient; 0 switches the clip off.",
    min: 0,
    max: 100,
    step: 1,
    default: 5,
  }),

  craft: toggle({
    group: 'craft',
    label: 'Re-activate dead filters',
    help: 'Switched off, the CRAFT arm trains on like the standard one.',
    live: true,
    default: true,
  }),
  criterion: choice({
    group: 'craft',
    label: 'Inactive when',
    help: 'A filter counts as inactive while this measure is below the threshold.',
    live: true,
    options: {
      maxAbs: 'Largest |w|',
      relativeNorm: 'Norm, next to the strong',
      foldedMaxAbs: 'Largest |w|, batch norm folded',
      foldedRelativeNorm: 'Norm, folded, next to the strong',
    },
    default: 'maxAbs',
  }),
  epsilon: real({
    group: 'craft',
    label: 'is below',
    help: 'A filter counts as inactive while its largest weight, in size, is below this.',
    live: true,
    min: 0.00001,
    max: 1,
    step: 0.001,
    default: 0.01,
  }),
  rho: real({
    group: 'craft',
    label: 'is below, of the strong',
    help: 'A filter counts as inactive while its norm is below this share of the median norm of the strongest quarter.',
    live: true,
    min: 0.001,
    max: 1,
    step: 0.01,
    default: 0.05,
  }),
  strategy: choice({
    group: 'craft',
    label: 'Strategy',
    help: 'How the new weights are drawn from the strong filters.',
    live: true,
    options: {
      blend: 'Blend of strong filters',
      gaussian: 'Gaussian, all weights',
      'per-weight': 'Gaussian, weight by weight',
      orthogonal: 'Orthogonal to all active',
      random: 'Random, no context (control)',
    },
    default: 'blend',
  }),
  strongShare: real({
    group: 'craft',
    label: 'Context: share of strong filters used',
    help: 'New filters are drawn from this share of the strongest ones.',
    live: true,
    min: 0.1,
    max: 1,
    step: 0.05,
    default: 0.5,
  }),
  checkEvery: real({
    group: 'craft',
    label: 'Check every',
    help: 'How often the first layer is searched for inactive filters.',
    unit: '% of run',
    live: true,
    min: 0.1,
    max: 100,
    step: 1,
    default: 5,
  }),
  stopAt: real({
    group: 'craft',
    label: 'Stop at',
    help: 'No re-activation after this point, so that new filters can settle.',
    unit: '% of run',
    live: true,
    min: 0,
    max: 100,
    step: 5,
    default: 60,
  }),
  resetOptimizer: toggle({
    group: 'craft',
    label: 'Reset momentum',
    help: 'The momentum of a new filter starts at zero; otherwise it drags the filter back.',
    live: true,
    default: true,
  }),
  resetScale: toggle({
    group: 'craft',
    label: 'Reset batch-norm scale',
    help: 'The scale of a new filter becomes the mean of the active ones; a scale near zero would keep it dead.',
    live: true,
    default: true,
  }),
  resetShift: toggle({
    group: 'craft',
    label: 'Reset batch-norm shift',
    help: 'The shift of a new filter becomes zero.',
    live: true,
    default: true,
  }),
  resetStatistics: toggle({
    group: 'craft',
    label: 'Reset batch-norm statistics',
    help: "A new filter's moving mean becomes zero and its moving variance the mean of the active ones.",
    live: true,
    default: true,
  }),

  arms: choice({
    group: 'run',
    label: 'Arms',
    help: 'Same seed and same batches: the arms are identical until the first re-activation.',
    options: { standard: 'Standard', craft: 'CRAFT', both: 'Both' },
    default: 'both',
  }),
  seed: integer({
    group: 'run',
    label: 'Seed',
    help: 'First weights, the order of the images and the draws of new filters come from this number.',
    min: 0,
    max: MOST_SEEDS,
    default: 1,
  }),
  testSeed: integer({
    group: 'run',
    label: 'Test seed',
    help: 'Decides which pairs measure accuracy: the held-out pairs, and the people of drawn benchmarks.',
    min: 0,
    max: MOST_SEEDS,
    default: 1,
  }),
  backend: choice({
    group: 'run',
    label: 'Engine',
    help: 'Engine that computes the network. Automatic takes the graphics card where there is one, else WebAssembly.',
    options: {
      auto: 'Automatic',
      webgpu: 'WebGPU',
      wasm: 'WebAssembly',
      webgl: 'WebGL',
      cpu: 'Plain JavaScript',
    },
    default: 'auto',
  }),
  telemetryEvery: integer({
    group: 'run',
    label: 'Read norms every',
    help: 'How often loss and filter norms are read back from the device.',
    unit: 'steps',
    min: 1,
    max: 1000,
    default: 5,
  }),
  kernelEvery: integer({
    group: 'run',
    label: 'Read filters every',
    help: 'How often the filters themselves are read back, for the walls.',
    unit: 'steps',
    min: 1,
    max: 10_000,
    default: 25,
  }),
  verifyEvery: integer({
    group: 'run',
    label: 'Verify every',
    help: 'How often accuracy is measured on pairs of held-out people; 0 measures at the end only.',
    unit: 'steps',
    min: 0,
    max: 100_000,
    default: 200,
  }),
  checkpointEvery: integer({
    group: 'run',
    label: 'Checkpoint every',
    help: 'Time between two checkpoints. A crash of the graphics card or the tab loses the work since the last one. Checkpoints take at most a hundredth of the time: a large network whose checkpoint takes 0.5 s gets one every 50 s at most.',
    unit: 's',
    live: true,
    min: 1,
    max: 3600,
    default: 20,
  }),
  verifyPairs: integer({
    group: 'run',
    label: 'Held-out pairs',
    help: 'How many pairs of held-out photos are compared, half of them of one person; fewer if the people have fewer different pairs.',
    unit: 'pairs',
    min: 20,
    max: 6000,
    step: 20,
    default: 2000,
  }),
});

export type RunConfig = Readonly<z.infer<typeof runConfigSchema>>;
export type ConfigKey = keyof RunConfig;

export const CONFIG_KEYS = Object.keys(runConfigSchema.shape) as readonly ConfigKey[];

/** The description of a field: label, help, unit, range. */
export function fieldOf(key: ConfigKey): Field {
  const field = fieldRegistry.get(runConfigSchema.shape[key]);
  if (field === undefined) throw new Error(`The setting ${key} is not described.`);
  return field;
}

export const DEFAULT_CONFIG: RunConfig = runConfigSchema.parse(
  Object.fromEntries(CONFIG_KEYS.map((key) => [key, fieldOf(key).default])),
);

/** Something that was changed or left out while a config was read, as a sentence for a person. */
export interface ConfigNotice {
  readonly key: string;
  readonly message: string;
}

export interface ReadConfig {
  readonly config: RunConfig;
  readonly notices: readonly ConfigNotice[];
}

/**
 * Reads settings from outside (URL, file, command line): numbers are clamped into their range,
 * values that cannot be read and unknown names are left at `base`, and each such change is reported.
 * Never throws.
 */
export function readConfig(values: Readonly<Record<string, unknown>>, base: RunConfig = DEFAULT_CONFIG): ReadConfig {
  const notices: ConfigNotice[] = [];
  const accepted: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(values)) {
    if (!isConfigKey(key)) {
      notices.push({ key, message: `There is no setting "${key}"; it was ignored.` });
      continue;
    }
    const field = fieldOf(key);
    const read = readField(field, value);
    if (read === undefined) {
      notices.push({ key, message: `${shown(value)} is no value for ${field.label}; it stays at ${base[key]}.` });
    } else {
      if (read.clamped) {
        notices.push({
          key,
          message: `${field.label} ${String(value).slice(0, 80)} is out of range; ${read.value} is used.`,
        });
      }
      accepted[key] = read.value;
    }
  }
  return { config: runConfigSchema.parse(accepted), notices };
}

/** Settings of version 1 as they are written today: its seed was also those of split, people and test too. */
export function withSeeds(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { seed } = values;
  return seed === undefined ? values : { splitSeed: seed, facesSeed: seed, testSeed: seed, ...values };
}

/** Settings of version 1 or 2 that leave out how faces are drawn, as they are written today. */
export function withFaceVersion(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { faceVersion: '1', ...values };
}

/** Reads settings that were saved whole, by this version or an older one. Never throws. */
export function readSavedConfig(values: Readonly<Record<string, unknown>>): ReadConfig {
  return readConfig(withFaceVersion(withSeeds(values)));
}

/** A value as a sentence can hold it. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `A value of type ${typeof value}`;
}

function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(runConfigSchema.shape, key);
}

function readField(field: Field, value: unknown): { value: number | string | boolean; clamped: boolean } | undefined {
  switch (field.kind) {
    case 'number': {
      if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
      const asked = Number(value);
      if (Number.isNaN(asked)) return undefined;
      const inRange = Math.min(field.max, Math.max(field.min, asked));
      const used = field.integer ? Math.round(inRange) : inRange;
      return { value: used, clamped: used !== asked };
    }
    case 'choice': {
      // An object could run code of its own, or throw, when it is made a text.
      const text = typeof value === 'number' ? String(value) : value;
      if (typeof text !== 'string') return undefined;
      return Object.hasOwn(field.options, text) ? { value: text, clamped: false } : undefined;
    }
    case 'shares': {
      if (typeof value !== 'string' && typeof value !== 'number') return undefined;
      const asked = String(value)
        .split(/[\s,;]+/)
        .filter((part) => part !== '')
        .map(Number);
      if (asked.some(Number.isNaN)) return undefined;
      const inRange = asked.map((share) => Math.min(100, Math.max(0, Math.round(share * 1000) / 1000)));
      const used = [...new Set(inRange)].sort((a, b) => a - b).slice(0, field.most);
      return {
        value: used.join(' '),
        clamped: used.length < asked.length || inRange.some((one, at) => one !== asked[at]),
      };
    }
    case 'range': {
      if (typeof value !== 'string') return undefined;
      const asked = value
        .split(/[\s,;]+/)
        .filter((part) => part !== '')
        .map(Number);
      if (asked.length !== 2 || asked.some(Number.isNaN)) return undefined;
      const inRange = asked.map((one) => Math.min(field.max, Math.max(field.min, Math.round(one * 1000) / 1000)));
      return {
        value: inRange.sort((a, b) => a - b).join(' '),
        clamped: asked.some((one) => one < field.min || one > field.max),
      };
    }
    case 'toggle': {
      if (value === true || value === 'true' || value === '1') return { value: true, clamped: false };
      if (value === false || value === 'false' || value === '0') return { value: false, clamped: false };
      return undefined;
    }
  }
}
