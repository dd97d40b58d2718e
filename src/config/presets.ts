import { formatNumber } from './quantity.ts';
import { CONFIG_KEYS, type ConfigKey, DEFAULT_CONFIG, type RunConfig } from './run-config.ts';

export const PRESET_IDS = ['quick', 'small', 'gentle', 'insightface', 'paper'] as const;
export type PresetId = (typeof PRESET_IDS)[number];

/** A recipe with a name. */
export interface Preset {
  readonly id: PresetId;
  readonly name: string;
  /** The outcome of our runs in docs/results.md, said to be theirs, or that the decay dose is the recipe's. */
  readonly text: string;
  /** Who it is for. */
  readonly audience: string;
  /** Of 32 first-layer filters of the standard arm, those that died in our runs on drawn faces; undefined where nobody measured it. */
  readonly deaths?: number;
  /** Settings that differ from the defaults. */
  readonly settings: Partial<RunConfig>;
}

/** Settings of the user and the machine, not of a recipe; a preset leaves them as they are. */
const KEPT: readonly ConfigKey[] = [
  'faces',
  'maxIdentities',
  'maxImagesPerIdentity',
  'seed',
  'splitSeed',
  'facesSeed',
  'testSeed',
  'backend',
  'arms',
  'checkpointEvery',
];

const PRESETS: Readonly<Record<PresetId, Omit<Preset, 'id'>>> = {
  quick: {
    name: 'Quick look',
    text: 'Batch 64. In our run 4 in 10 filters died on drawn faces.',
    audience: 'First look, graphics card',
    deaths: 14,
    settings: { batchSize: 64 },
  },
  small: {
    name: 'Small',
    text: 'Batch 32. In our 3 runs 3 to 5 in 10 filters died on drawn faces.',
    audience: 'Any computer, studies',
    deaths: 13,
    settings: {},
  },
  gentle: {
    name: 'Nothing dies',
    text: 'Gentle weight decay. In our two runs no filter died.',
    audience: 'The control, to compare',
    deaths: 0,
    settings: { weightDecay: 0.0005 },
  },
  // InsightFace's recipe for 8 cards with 128 images each has lr 0.1; one card takes an eighth of it, rounded up. Its sum of
  // learning rate times weight decay is 2.5 (ms1mv3, 8 cards); a shorter run reaches it with more weight decay.
  insightface: {
    name: 'InsightFace recipe',
    text: `IResNet-18 at 64 px, the recipe’s decay dose in ${formatNumber(10_000)} steps.`,
    audience: 'Own faces, graphics card',
    settings: {
      imageSize: 64,
      identities: 512,
      filters: 64,
      body: 'iresnet18',
      width: 32,
      embeddingSize: 256,
      batchSize: 128,
      learningRate: 0.02,
      schedule: 'polynomial',
      warmupSteps: 0,
      weightDecay: 0.025,
      momentum: 0.9,
      scale: 64,
      margin: 0.5,
      clipNorm: 5,
      steps: 10_000,
    },
  },
  paper: {
    name: 'Paper scale',
    text: `IResNet-18 at 112 px, InsightFace’s decay dose in ${formatNumber(40_000)} steps.`,
    audience: 'Strong graphics card',
    settings: {
      imageSize: 112,
      region: 'full',
      identities: 1024,
      filters: 64,
      body: 'iresnet18',
      width: 64,
      embeddingSize: 512,
      batchSize: 128,
      learningRate: 0.02,
      schedule: 'polynomial',
      warmupSteps: 0,
      weightDecay: 0.006,
      momentum: 0.9,
      scale: 64,
      margin: 0.5,
      clipNorm: 5,
      steps: 40_000,
    },
  },
};

/** The preset of that name. */
export function presetOf(id: PresetId): Preset {
  return { id, ...PRESETS[id] };
}

/** All presets, in the order they are offered. */
export const ALL_PRESETS: readonly Preset[] = PRESET_IDS.map(presetOf);

/** `current` with the preset's recipe: faces, seed, engine and arms stay as they are. */
export function withPreset(id: PresetId, current: RunConfig = DEFAULT_CONFIG): RunConfig {
  const kept = Object.fromEntries(KEPT.map((key) => [key, current[key]]));
  return { ...DEFAULT_CONFIG, ...PRESETS[id].settings, ...kept };
}

/** The preset whose recipe `config` follows; `preferred` first, since two may agree. */
export function presetMatching(config: RunConfig, preferred?: PresetId): PresetId | undefined {
  const candidates = preferred === undefined ? PRESET_IDS : [preferred, ...PRESET_IDS];
  return candidates.find((id) => {
    const expected = withPreset(id, config);
    return CONFIG_KEYS.every((key) => config[key] === expected[key]);
  });
}

/** A preset's size in a line: "32 filters, 2 400 steps". */
export function presetSize(id: PresetId): string {
  const { filters, steps } = withPreset(id);
  return `${filters} filters, ${formatNumber(steps)} steps`;
}
