import { formatNumber } from '../config/quantity.ts';
import { readConfig } from '../config/read-config.ts';
import { CONFIG_KEYS, type ConfigKey, DEFAULT_CONFIG } from '../config/run-config.ts';
import { isTest } from './analysis.ts';
import type { Axis } from './axes.ts';
import { countCells } from './cells.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { StudyProblem } from './problem.ts';
import { MOST_CELLS, type ResultRow } from './results.ts';

/** As many as a study.json may name. */
const MOST_TESTS = 100;

/**
 * The plan that results without one belong to, as far as their columns give it: conditions, seeds, axes and
 * evaluations. Settings are not among them, and neither is the primary outcome: it is the held-out pairs where there
 * are such.
 * @throws StudyProblem `bad-results` for rows with nothing to compare or of several studies, and for an axis that is no
 * setting of a run
 */
export function planOfRows(rows: readonly ResultRow[]): StudyPlan {
  const distinct = <Value>(value: (row: ResultRow) => Value) => [...new Set(rows.map(value))];
  const evaluations = [...new Set(rows.filter(isTest).map(({ benchmark }) => benchmark))];
  const studies = distinct(({ study }) => study);
  if (studies.length > 1) {
    throw new StudyProblem(
      'bad-results',
      `The results are of ${studies.length} studies: ${studies.slice(0, 5).join(', ').slice(0, 200)}.`,
      'Open the results of one study at a time.',
    );
  }
  const plan: StudyPlan = {
    name: rows[0]?.study || 'study',
    config: DEFAULT_CONFIG,
    conditions: distinct(({ condition }) => condition)
      .filter((name) => name !== 'standard')
      .map((name) => ({ name, settings: {} })),
    axes: axesOf(distinct(({ axes }) => axes)),
    seeds: distinct(({ seed }) => seed),
    seedSettings: ['seed'],
    evaluations: evaluations.filter((name) => name !== HELD_OUT).map((name) => ({ name, data: name })),
    primary: evaluations.includes(HELD_OUT) ? HELD_OUT : (evaluations[0] ?? HELD_OUT),
    version: '',
    bare: true,
  };
  const { conditions } = plan;
  if (conditions.length === 0) {
    throw new StudyProblem(
      'bad-results',
      rows.length === 0
        ? 'The results have no run.'
        : 'The results have runs of Standard alone, and nothing to compare.',
      'Open results that have a condition beside Standard, such as blend.',
    );
  }
  if (evaluations.length > MOST_TESTS) {
    throw new StudyProblem(
      'bad-results',
      `The results are of ${formatNumber(evaluations.length)} tests; at most ${MOST_TESTS} are judged together.`,
      'Open a part of them.',
    );
  }
  if (countCells(plan) > MOST_CELLS) {
    throw new StudyProblem(
      'bad-results',
      `The results vary so many settings that their plan has ${formatNumber(countCells(plan))} runs; at most ${formatNumber(MOST_CELLS)} are judged together.`,
      'Open them with their study.json, or a part of them.',
    );
  }
  return plan;
}

/** The axes of points as results.csv writes them: "filters=32;kernelSize=3". One value is enough here. */
function axesOf(points: readonly string[]): readonly Axis[] {
  const values = new Map<ConfigKey, Set<Axis['values'][number]>>();
  for (const part of points.flatMap((point) => point.split(';')).filter((one) => one !== '')) {
    const [name, value = ''] = part.split('=', 2);
    const setting = CONFIG_KEYS.find((key) => key === name);
    const read = setting && readConfig({ [setting]: value });
    if (setting === undefined || read === undefined || read.notices.length > 0) {
      throw new StudyProblem(
        'bad-results',
        `The results vary "${part.slice(0, 40)}", which is no setting of a run here.`,
        'Open them with the version that wrote them.',
      );
    }
    values.set(setting, (values.get(setting) ?? new Set()).add(read.config[setting]));
  }
  return [...values].map(([setting, found]) => ({ setting, values: [...found] }));
}
