import { settingName } from './difference.ts';
import { readConfig } from './read-config.ts';
import { type ConfigKey, fieldOf, type RunConfig } from './run-config.ts';

/**
 * One of the networks that a run trains side by side: a name, and the settings in which it differs from the run. All
 * arms of a run have the same first weights where shapes agree, the same batches and the same augmentation.
 */
export interface Arm {
  /** Part of file names and keys: see `armProblem`. */
  readonly name: string;
  /** Settings of the run that are not named here hold for the arm as well, live changes included. */
  readonly settings: Partial<RunConfig>;
}

/** Trains without CRAFT, regardless of the run's switch. Every other arm is compared with it. */
export const STANDARD: Arm = { name: 'standard', settings: { craft: false } };
/** Trains as the run says. */
export const CRAFT: Arm = { name: 'craft', settings: {} };

const CHOSEN: Readonly<Record<RunConfig['arms'], readonly Arm[]>> = {
  standard: [STANDARD],
  craft: [CRAFT],
  both: [STANDARD, CRAFT],
};

/** The arm that a file names without its settings, as those did that knew two arms only. */
export function knownArm(name: string): Arm {
  return [STANDARD, CRAFT].find((arm) => arm.name === name) ?? { name, settings: {} };
}

/** The arms that a config asks for by its own setting `arms`. */
export function armsOf(config: Pick<RunConfig, 'arms'>): readonly Arm[] {
  return CHOSEN[config.arms];
}

/** The setting `arms` of a run with these arms: which of the two on the Train screen are among them. */
export function chosenArms(arms: readonly { readonly name: string }[]): RunConfig['arms'] {
  const [standard, craft] = [STANDARD, CRAFT].map(({ name }) => arms.some((arm) => arm.name === name));
  if (standard && !craft) return 'standard';
  return craft && !standard ? 'craft' : 'both';
}

/** The settings of an arm: the run's but for its own. */
export function armConfig(config: RunConfig, arm: Arm): RunConfig {
  return { ...config, ...arm.settings };
}

/**
 * Whether all arms of a run have this setting in common: faces, batches, seeds, length, engine, times of measurement.
 */
export function isShared(key: ConfigKey): boolean {
  const { group, shared } = fieldOf(key);
  return group === 'faces' || group === 'run' || shared === true;
}

const LONGEST_NAME = 40;
/** In archives a name is a folder, and a part of a tensor's name up to a dot. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Windows keeps these for devices. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Why these cannot be the arms of one run, as a sentence with the remedy; undefined where they can. */
export function armProblem(arms: readonly Arm[]): string | undefined {
  if (arms.length === 0) return 'A run needs at least one arm; name one.';
  const seen = new Set<string>();
  for (const { name, settings } of arms) {
    const found = nameProblem(name) ?? settingsProblem(name, settings);
    if (found !== undefined) return found;
    // Some file systems treat "Blend" and "blend" as the same name.
    const folder = name.toLowerCase();
    if (seen.has(folder)) return `Two arms are named "${name}"; give each a name of its own.`;
    seen.add(folder);
  }
  return undefined;
}

/** Whether an arm may have this name. */
export function isArmName(name: string): boolean {
  return nameProblem(name) === undefined;
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'An arm has no name; give it one, such as "random".';
  const shown = name.slice(0, LONGEST_NAME);
  if (name.length > LONGEST_NAME) return `The arm "${shown}…" has a name of over ${LONGEST_NAME} letters; shorten it.`;
  if (!NAME.test(name)) {
    return `"${shown}" cannot name an arm; use letters, digits, "-" and "_", and begin with a letter or digit.`;
  }
  // A name is a key of objects that inherit these.
  if (DEVICE.test(name) || name in Object.prototype) return `"${shown}" is reserved; choose another name for the arm.`;
  return undefined;
}

function settingsProblem(name: string, settings: Partial<RunConfig>): string | undefined {
  const known = [STANDARD, CRAFT].find((arm) => arm.name.toLowerCase() === name.toLowerCase());
  if (known !== undefined && (known.name !== name || !sameSettings(known.settings, settings))) {
    return `The arm "${known.name}" is always the same; name an arm with other settings differently.`;
  }
  const shared = keysOf(settings).find(isShared);
  if (shared === undefined) return undefined;
  return `The arm "${name}" cannot have ${settingName(shared)} of its own: all arms of a run share it. Set it for the run.`;
}

/** An arm from outside: its settings are clamped and checked, and a sentence reports each change. */
export interface ReadArm {
  readonly arm: Arm;
  readonly notices: readonly string[];
  /** The same changes for a reader that refuses them: each names the values that are taken. */
  readonly refusals: readonly string[];
}

/** Reads an arm's settings as a file or a command line gives them. `config` is the run's. Never throws. */
export function readArm(name: string, values: Readonly<Record<string, unknown>>, config: RunConfig): ReadArm {
  const read = readConfig(values, config);
  const given = Object.entries(read.config).filter(([key]) => Object.hasOwn(values, key));
  const begins = `Arm "${name.slice(0, LONGEST_NAME)}": `;
  return {
    arm: { name, settings: Object.fromEntries(given) },
    notices: read.notices.map(({ message }) => begins + message),
    refusals: read.notices.map(({ refusal }) => begins + refusal),
  };
}

/**
 * Reads an arm written in a line: `random:strategy=random,checkEvery=2`, or a name alone, `standard` and `craft` too.
 * Refuses a setting that cannot be read, a part that is no setting, and the name of a strategy that the arm has not.
 * Never throws.
 */
export function armFromText(text: string, config: RunConfig): Pick<ReadArm, 'arm' | 'refusals'> {
  const colon = text.indexOf(':');
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (colon < 0) return { arm: knownArm(name), refusals: strategyRefusals(knownArm(name), config) };
  const parts = text
    .slice(colon + 1)
    .split(',')
    .filter((part) => part.trim() !== '');
  const pairs = parts.flatMap((part): [string, string][] => {
    const [setting = '', ...value] = part.split('=');
    return value.length === 0 ? [] : [[setting.trim(), value.join('=').trim()]];
  });
  const unread = parts.filter((part) => !part.includes('='));
  const { arm, refusals } = readArm(name, Object.fromEntries(pairs), config);
  const twice = pairs.find(([setting], at) => pairs.findIndex(([other]) => other === setting) < at);
  const parsed = [
    ...unread.map((part) => `Arm "${name}": "${part}" is no setting=value.`),
    ...(twice === undefined ? [] : [`Arm "${name}" has ${twice[0]} twice.`]),
  ];
  return { arm, refusals: [...parsed, ...refusals, ...strategyRefusals(arm, config)] };
}

/** A name in a line chooses no strategy: an arm called "random" of another one would be taken for it. */
function strategyRefusals(arm: Arm, config: RunConfig): readonly string[] {
  const field = fieldOf('strategy');
  const { craft, strategy } = armConfig(config, arm);
  if (field.kind !== 'choice' || !Object.hasOwn(field.options, arm.name) || !craft || strategy === arm.name) return [];
  return [
    `Arm "${arm.name}" would have the strategy ${strategy}; write ${arm.name}:strategy=${arm.name}, or name it differently.`,
  ];
}

function keysOf(settings: Partial<RunConfig>): readonly ConfigKey[] {
  return Object.keys(settings) as ConfigKey[];
}

function sameSettings(one: Partial<RunConfig>, other: Partial<RunConfig>): boolean {
  return [...keysOf(one), ...keysOf(other)].every((key) => one[key] === other[key]);
}
