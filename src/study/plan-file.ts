import { z } from 'zod';
import { type Arm, readArm } from '../config/arm.ts';
import { drawingSettings } from '../config/drawing-settings.ts';
import { withFaceVersion } from '../config/read-config.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { Budget } from '../formats/budget.ts';
import { readJson } from '../formats/json.ts';
import { axisOf } from './axes.ts';
import {
  checkedPlan,
  conditionRead,
  presetConfig,
  SEED_SETTINGS,
  type StudyFaces,
  type StudyPlan,
  settingsOver,
} from './plan.ts';
import { StudyProblem } from './problem.ts';
import { seedsFromText } from './seeds.ts';

const FORMAT = 'craft-playground-study';
/** Of study.json. */
const FORMAT_VERSION = 1;
const LONGEST_TEXT = 1000;

const text = z.string().max(LONGEST_TEXT);
const value = z.union([z.string().max(LONGEST_TEXT), z.number(), z.boolean()]);
const settings = z.record(z.string(), value);

const planSchema = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.int().min(1),
  name: text,
  version: text.default(''),
  preset: text.optional(),
  settings: settings.default({}),
  conditions: z.array(z.object({ name: text, settings: settings.default({}) })).max(100),
  axes: z
    .array(z.object({ setting: text, values: z.array(value).max(100) }))
    .max(10)
    .default([]),
  seeds: z.union([text, z.array(z.int().min(0)).max(1000)]),
  addedSeeds: z.array(z.int().min(0)).max(1000).optional(),
  seedSettings: z.array(z.enum(SEED_SETTINGS)).default(['seed']),
  evaluations: z
    .array(z.object({ name: text, data: text }))
    .max(100)
    .default([]),
  primary: text.default('heldout'),
  faces: z.object({ name: text, identities: z.int().min(0), images: z.int().min(0), digest: text }).optional(),
});

/** study.json: every setting is written out, so that another version's defaults change nothing. */
export function planText(plan: StudyPlan): string {
  const { config, conditions, axes, name, version, seeds, seedSettings, evaluations, primary, faces } = plan;
  const { addedSeeds = [] } = plan;
  const file: z.input<typeof planSchema> = {
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    name,
    version,
    primary,
    seeds: [...seeds],
    ...(addedSeeds.length === 0 ? {} : { addedSeeds: [...addedSeeds] }),
    seedSettings: [...seedSettings],
    conditions: conditions.map((condition) => ({ name: condition.name, settings: { ...condition.settings } })),
    axes: axes.map(({ setting, values }) => ({ setting, values: [...values] })),
    evaluations: [...evaluations],
    ...(faces === undefined ? {} : { faces }),
    settings: { ...config },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads study.json. A plan written by hand may name a `preset` and the `settings` that differ from it, and its seeds as
 * a range: "1-16". Settings out of range are refused, not clamped.
 * @throws StudyProblem `not-a-study`, `bad-plan`, FormatProblem `too-large`
 */
export function readPlan(bytes: Uint8Array): StudyPlan {
  const read = planSchema.safeParse(readJson(bytes, new Budget(bytes.length)));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
    throw new StudyProblem('not-a-study', `This file is no study.json${where}.`, 'Choose a study.json of a study.');
  }
  const { data } = read;
  if (data.formatVersion > FORMAT_VERSION) {
    throw new StudyProblem(
      'not-a-study',
      `This study was written by a newer version (format ${data.formatVersion}, known here up to ${FORMAT_VERSION}).`,
      'Update the playground.',
    );
  }
  // Without a version it was written by hand, for today's defaults.
  const settings = data.version === '' ? data.settings : withFaceVersion(data.settings);
  const config = settingsOver(presetConfig(data.preset), settings);
  const seedSettings = SEED_SETTINGS.filter((key) => key === 'seed' || data.seedSettings.includes(key));
  return checkedPlan({
    name: data.name,
    version: data.version,
    config,
    conditions: data.conditions.map((condition) => conditionOf(condition, config)),
    axes: data.axes.map((axis) => axisOf(axis.setting, axis.values, config)),
    seeds: typeof data.seeds === 'string' ? seedsFromText(data.seeds) : data.seeds,
    ...(data.addedSeeds === undefined ? {} : { addedSeeds: data.addedSeeds }),
    seedSettings,
    evaluations: data.evaluations,
    primary: data.primary,
    faces: data.faces,
  });
}

function conditionOf(condition: z.output<typeof planSchema>['conditions'][number], config: RunConfig): Arm {
  return conditionRead(readArm(condition.name, condition.settings, config));
}

/** Whether two plans train and measure the same, seeds aside: their results may share one table. */
export function samePlan(one: StudyPlan, other: StudyPlan): boolean {
  return comparable(one) === comparable(other);
}

/** Whether two plans are of other faces; false where one of them does not know its faces yet. */
export function otherFaces(
  { faces: one }: Pick<StudyPlan, 'faces'>,
  { faces: other }: Pick<StudyPlan, 'faces'>,
): boolean {
  return one !== undefined && other !== undefined && one.digest !== other.digest;
}

/** @throws StudyProblem `other-study` where a plan is of other faces than these */
export function refuseOtherFaces(plan: Pick<StudyPlan, 'faces'>, faces: StudyFaces | undefined): void {
  if (!otherFaces(plan, { faces })) return;
  throw new StudyProblem(
    'other-study',
    `The study is of the faces "${plan.faces?.name}" (${plan.faces?.images} images); these are others (${faces?.images} images).`,
    'Give the same faces, or plan another study.',
  );
}

/** Its name, where it ran, and how far it got, change nothing of a plan; nor does how faces are drawn where none are. */
function comparable(plan: StudyPlan): string {
  const { backend: _, checkpointEvery: __, ...settings } = plan.config;
  const config = settings.faces === 'own' ? { ...settings, ...drawingSettings(DEFAULT_CONFIG) } : settings;
  const { conditions, axes, seedSettings, primary, evaluations } = plan;
  return JSON.stringify({
    conditions,
    axes,
    seedSettings,
    primary,
    config,
    evaluations: evaluations.map(({ name }) => name),
  });
}
