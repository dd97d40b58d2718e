import { type Arm, armConfig, armFromText, armProblem, CRAFT, type ReadArm, readArm, STANDARD } from '../config/arm.ts';
import { settingName } from '../config/difference.ts';
import { PRESET_IDS, type PresetId, withPreset } from '../config/presets.ts';
import { formatNumber } from '../config/quantity.ts';
import { readConfig } from '../config/read-config.ts';
import { CONFIG_KEYS, type ConfigKey, DEFAULT_CONFIG, fieldOf, type RunConfig } from '../config/run-config.ts';
import { HIGHEST_SEED } from '../config/settings/seeds.ts';
import { VARIATIONS } from '../faces/synthetic/variation.ts';
import type { Axis } from './axes.ts';
import { arrayName } from './cell-scores.ts';
import { countCells } from './cells.ts';
import { drawnBenchmark, type Evaluation, fileName } from './evaluation.ts';
import { StudyProblem } from './problem.ts';
import { MOST_CELLS } from './results.ts';
import { MOST_STUDY_SEEDS } from './seeds.ts';

/** The evaluation on pairs of held-out people; every study has it. */
export const HELD_OUT = 'heldout';

/** Settings that a seed of a study may decide. `seed` always is among them: first weights, batch order, new filters. */
export const SEED_SETTINGS = ['seed', 'splitSeed', 'facesSeed', 'testSeed'] as const satisfies readonly ConfigKey[];
export type SeedSetting = (typeof SEED_SETTINGS)[number];

/** The faces of a study, by which another set with the same name is recognised. */
export interface StudyFaces {
  /** Of the dropped or named files; "synthetic" for drawn faces. */
  readonly name: string;
  readonly identities: number;
  readonly images: number;
  /** SHA-256 of sizes, labels and pixels, in hexadecimal digits. */
  readonly digest: string;
}

/** The runs of a study and its questions, settled before its first run. */
export interface StudyPlan {
  /** Part of file names; see `armProblem`. */
  readonly name: string;
  /** Of all runs, except for the settings that axes, conditions and seeds decide. */
  readonly config: RunConfig;
  /** Those beside Standard, at least one. */
  readonly conditions: readonly Arm[];
  readonly axes: readonly Axis[];
  /** In the order in which they are trained. */
  readonly seeds: readonly number[];
  /**
   * Those of them that the plan did not have, and that joined after the first result or from another plan, so that the
   * results may have been looked at before; none in most studies.
   */
  readonly addedSeeds?: readonly number[] | undefined;
  readonly seedSettings: readonly SeedSetting[];
  readonly evaluations: readonly Evaluation[];
  /** The evaluation whose accuracy the study is about: `heldout`, or the name of another. */
  readonly primary: string;
  /** Unknown until the faces were read. */
  readonly faces?: StudyFaces | undefined;
  /** Of the software that made the plan. */
  readonly version: string;
  /** Made of results alone: its settings, and the ones that a seed decides, are not known. */
  readonly bare?: boolean;
}

/** The settings of a preset, or the defaults. @throws StudyProblem `bad-plan` for a preset that does not exist */
export function presetConfig(preset: string | undefined): RunConfig {
  if (preset === undefined) return DEFAULT_CONFIG;
  const id = PRESET_IDS.find((one): one is PresetId => one === preset);
  if (id !== undefined) return withPreset(id, DEFAULT_CONFIG);
  throw new StudyProblem(
    'bad-plan',
    `There is no preset "${preset.slice(0, 40)}".`,
    `Choose one of ${PRESET_IDS.join(', ')}.`,
  );
}

/**
 * Reads a condition: `random:strategy=random`, or the bare name of a strategy, which becomes the condition of that
 * strategy, or `craft`, which differs from Standard in CRAFT alone.
 * @throws StudyProblem `bad-plan`
 */
export function conditionFromText(text: string, config: RunConfig): Arm {
  const name = text.trim();
  const strategy = fieldOf('strategy');
  const strategies = strategy.kind === 'choice' ? Object.keys(strategy.options) : [];
  const isStrategy = strategies.includes(name);
  if (isStrategy) return conditionRead(readArm(name, { strategy: name }, config));
  const arm = conditionRead(armFromText(text, config));
  // A misspelt name would be CRAFT as it is, under the name of a strategy that was not trained.
  const empty = Object.keys(arm.settings).length === 0 && arm.name !== CRAFT.name;
  if (!empty || arm.name.toLowerCase() === STANDARD.name) return arm;
  throw new StudyProblem(
    'bad-plan',
    name.includes(':')
      ? `The condition "${name.slice(0, 40)}" has no settings.`
      : `There is no strategy "${name.slice(0, 40)}".`,
    `Choose one of ${strategies.join(', ')}, or name the settings of the condition: late:stopAt=90.`,
  );
}

/** A condition as it was read from outside. @throws StudyProblem `bad-plan` where its settings cannot be taken as they are */
export function conditionRead({ arm, refusals }: Pick<ReadArm, 'arm' | 'refusals'>): Arm {
  const [refusal] = refusals;
  if (refusal !== undefined) throw new StudyProblem('bad-plan', asCondition(refusal), 'Correct the condition.');
  return arm;
}

/** A sentence about an arm as one about a condition, which it is in a study. */
function asCondition(text: string): string {
  return text
    .replace(/\b([Aa])n arm\b/g, '$1 condition')
    .replace(/\b([Aa])rm(s?)\b/g, (_, first, many) => `${first === 'A' ? 'C' : 'c'}ondition${many}`);
}

/**
 * The plan, where it can be trained.
 * @throws StudyProblem `bad-plan`
 */
export function checkedPlan(plan: StudyPlan): StudyPlan {
  const found = planProblem(plan);
  if (found !== undefined) throw new StudyProblem('bad-plan', found[0], found[1]);
  return plan;
}

function planProblem(plan: StudyPlan): readonly [message: string, hint: string] | undefined {
  const { name, config, conditions, axes, seeds, evaluations, primary } = plan;
  if (conditions.length === 0) return ['A study needs a condition beside Standard.', 'Name one, such as blend.'];
  if (conditions.some((condition) => condition.name.toLowerCase() === STANDARD.name)) {
    return ['Standard is part of every study.', 'Leave it out of the conditions.'];
  }
  if (!config.craft) {
    return ['CRAFT is switched off for the whole study.', 'Leave it on; Standard is always trained without it.'];
  }
  const arms = armProblem([STANDARD, ...conditions]);
  if (arms !== undefined) return [asCondition(arms), 'Change the conditions.'];
  if (nameProblem(name)) return [`"${name.slice(0, 40)}" cannot name a study.`, 'Use letters, digits, "-" and "_".'];
  const same = conditions.find((condition) => differsInNothing(config, condition));
  if (same !== undefined)
    return [`The condition "${same.name}" differs from Standard in nothing.`, 'Change a setting of it.'];
  if (seeds.length === 0 || seeds.length > MOST_STUDY_SEEDS || new Set(seeds).size < seeds.length) {
    return [`A study has 1 to ${MOST_STUDY_SEEDS} different seeds; these are ${seeds.length}.`, 'Change the seeds.'];
  }
  const odd = seeds.find((seed) => !Number.isInteger(seed) || seed < 0 || seed > HIGHEST_SEED);
  if (odd !== undefined) {
    return [`${odd} is no seed: whole numbers from 0 to ${formatNumber(HIGHEST_SEED)} are.`, 'Change the seeds.'];
  }
  if (countCells(plan) > MOST_CELLS) {
    return [
      `This study has ${formatNumber(countCells(plan))} runs; a study has at most ${formatNumber(MOST_CELLS)}.`,
      'Leave out values of its axes, conditions or seeds, or plan several studies.',
    ];
  }
  const taken = axes.map(({ setting }) => setting).find((setting) => isTaken(setting, plan));
  if (taken !== undefined)
    return [`The axis ${settingName(taken)} is decided elsewhere in this study.`, 'Leave it out.'];
  const names = [HELD_OUT, ...evaluations.map((evaluation) => evaluation.name)];
  const twice = names.find((one, at) => names.indexOf(one) !== at);
  if (twice !== undefined) return [`Two evaluations are named "${twice}".`, 'Give each a name of its own.'];
  const files = evaluations.map(({ data }) => fileName(data));
  const twofold = files.find((one, at) => files.indexOf(one) !== at);
  if (twofold !== undefined)
    return [`Two evaluations are of ${twofold}.`, 'Leave one out, or name its file differently.'];
  const unknown = evaluations
    .map(drawnBenchmark)
    .find((one) => one !== undefined && VARIATIONS.every((name) => name !== one));
  if (unknown !== undefined) {
    return [`There is no drawn benchmark "${unknown.slice(0, 40)}".`, `Choose one of ${VARIATIONS.join(', ')}.`];
  }
  const arrays = names.map(arrayName);
  const alike = names.find((_, at) => arrays.indexOf(arrays[at] ?? '') !== at);
  if (alike !== undefined) {
    const first = names[arrays.indexOf(arrayName(alike))];
    return [
      `The evaluations "${first}" and "${alike}" would have one name in the files of a run, where only Latin letters, digits, ".", "_" and "-" count.`,
      'Name one of the files differently.',
    ];
  }
  if (!names.includes(primary)) {
    return [
      `There is no evaluation "${primary.slice(0, 80)}" to be the primary one.`,
      `Choose one of ${names.join(', ')}.`,
    ];
  }
  return undefined;
}

/** The same rule as for arms: both name files. */
function nameProblem(name: string): boolean {
  return armProblem([{ name: name === 'craft' || name === 'standard' ? 'x' : name, settings: {} }]) !== undefined;
}

function differsInNothing(config: RunConfig, condition: Arm): boolean {
  const [own, standard] = [armConfig(config, condition), armConfig(config, STANDARD)];
  return CONFIG_KEYS.every((key) => own[key] === standard[key]);
}

/** Whether seeds, conditions or other axes decide this setting. */
function isTaken(setting: ConfigKey, { seedSettings, conditions, axes }: StudyPlan): boolean {
  return (
    setting === 'arms' ||
    setting === 'backend' ||
    setting === 'faces' ||
    setting === 'craft' ||
    seedSettings.some((key) => key === setting) ||
    conditions.some(({ settings }) => Object.hasOwn(settings, setting)) ||
    axes.filter((axis) => axis.setting === setting).length > 1
  );
}

/**
 * Settings over others, as a file or a command line gives them. @throws StudyProblem where one cannot be taken as it is
 */
export function settingsOver(base: RunConfig, values: Readonly<Record<string, unknown>>): RunConfig {
  const { config, notices } = readConfig(values, base);
  const [notice] = notices;
  if (notice !== undefined) throw new StudyProblem('bad-plan', notice.refusal, 'Correct this setting of the study.');
  return config;
}
