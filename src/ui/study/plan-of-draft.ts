import packageJson from '../../../package.json' with { type: 'json' };
import type { RunConfig } from '../../config/run-config.ts';
import { axisFromText } from '../../study/axes.ts';
import { checkedPlan, conditionFromText, HELD_OUT, type StudyPlan } from '../../study/plan.ts';
import { StudyProblem } from '../../study/problem.ts';
import { seedsFromText } from '../../study/seeds.ts';
import type { StudyDraft } from '../state/study-draft.ts';

/** The plan that the draft and the settings of the Train tab give, or why it cannot be trained. */
export type DraftedPlan =
  | { readonly plan: StudyPlan; readonly problem?: undefined }
  | { readonly plan?: undefined; readonly problem: StudyProblem };

export function planOfDraft(draft: StudyDraft, config: RunConfig): DraftedPlan {
  try {
    const own = { ...config, craft: true, arms: 'both' } as const;
    if (config.faces === 'own') {
      throw new StudyProblem(
        'bad-plan',
        'A study in the browser trains on drawn faces, and the Train tab has your own.',
        'Choose synthetic faces on the Train tab, or run the study on the command line.',
      );
    }
    const plan = checkedPlan({
      name: 'study',
      config: own,
      seeds: seedsFromText(draft.seeds),
      conditions: draft.conditions.map((text) => conditionFromText(text, own)),
      axes: draft.vary.map((text) => axisFromText(text, own)),
      seedSettings: ['seed'],
      evaluations: [],
      primary: HELD_OUT,
      version: packageJson.version,
    });
    return { plan };
  } catch (error) {
    if (error instanceof StudyProblem) return { problem: error };
    throw error;
  }
}
