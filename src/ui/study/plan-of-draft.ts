import packageJson from '../../../package.json' with { type: 'json' };
import type { Arm } from '../../config/arm.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { axisFromText } from '../../study/axes.ts';
import { type Evaluation, evaluationOf, primaryNamed } from '../../study/evaluation.ts';
import { checkedPlan, conditionFromText, SEED_SETTINGS, type StudyPlan } from '../../study/plan.ts';
import { StudyProblem } from '../../study/problem.ts';
import { seedsFromText, seedsText } from '../../study/seeds.ts';
import type { StudyDraft } from '../state/study-draft.ts';

/** The plan that the draft and the settings of the Train tab give, or why it cannot be trained. */
export type DraftedPlan =
  | { readonly plan: StudyPlan; readonly problem?: undefined }
  | { readonly plan?: undefined; readonly problem: StudyProblem };

/** The faces and files that the page has for a study. */
export interface StudyMeans {
  /** Whether own faces are loaded. */
  readonly ownFaces: boolean;
  /** The evaluations whose files are not here. */
  readonly missing: (evaluations: readonly Evaluation[]) => readonly Evaluation[];
}

export function planOfDraft(draft: StudyDraft, config: RunConfig, means: StudyMeans): DraftedPlan {
  try {
    const own = { ...config, craft: true, arms: 'both' } as const;
    const evaluations = draft.data.map(evaluationOf);
    const plan = checkedPlan({
      name: 'study',
      config: own,
      seeds: seedsFromText(draft.seeds),
      conditions: draft.conditions.map((text) => conditionFromText(text, own)),
      axes: draft.vary.map((text) => axisFromText(text, own)),
      seedSettings: SEED_SETTINGS.filter((key) => key === 'seed' || draft.seedAlso.includes(key)),
      evaluations,
      primary: primaryNamed(draft.primary, evaluations),
      version: packageJson.version,
    });
    const lacks = lackOf(plan, means);
    return lacks === undefined ? { plan } : { problem: lacks };
  } catch (error) {
    if (error instanceof StudyProblem) return { problem: error };
    throw error;
  }
}

/** The draft that gives a plan, but for the names of its study and its tests. */
export function draftOfPlan(plan: StudyPlan): StudyDraft {
  const { seeds, conditions, axes, evaluations, primary, seedSettings } = plan;
  return {
    seeds: seedsText(seeds),
    conditions: conditions.map(conditionText),
    vary: axes.map(({ setting, values }) => `${setting}=${values.join(',')}`),
    data: evaluations.map(({ data }) => data),
    primary: evaluations.find(({ name }) => name === primary)?.data ?? primary,
    seedAlso: seedSettings.filter((key) => key !== 'seed'),
  };
}

/** A condition as the command line has it. */
function conditionText({ name, settings }: Arm): string {
  const parts = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  // A strategy under its own name.
  if (parts.join() === `strategy=${name}`) return name;
  return parts.length === 0 ? name : `${name}:${parts.join(',')}`;
}

/** The missing faces or files of a study, in a sentence; undefined where all are here. */
export function lackOf(
  { config, evaluations }: Pick<StudyPlan, 'config' | 'evaluations'>,
  { ownFaces, missing }: StudyMeans,
): StudyProblem | undefined {
  if (config.faces === 'own' && !ownFaces) {
    return new StudyProblem(
      'bad-plan',
      'The study is of your own faces, and none are loaded.',
      'Drop them on the Train tab, under Faces.',
    );
  }
  const lacking = missing(evaluations).map(({ data }) => data);
  if (lacking.length === 0) return undefined;
  const are = lacking.length === 1 ? 'is' : 'are';
  return new StudyProblem('bad-plan', `${lacking.join(', ')} ${are} not here.`, 'Drop the files anywhere on this tab.');
}
