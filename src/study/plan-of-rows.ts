import { readConfig } from '../config/read-config.ts';
import { CONFIG_KEYS, type ConfigKey, DEFAULT_CONFIG } from '../config/run-config.ts';
import { isTest } from './analysis.ts';
import type { Axis } from './axes.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { StudyProblem } from './problem.ts';
import type { ResultRow } from './results.ts';

/**
 * The plan that results without one belong to, as far as their columns give it: conditions, seeds, axes and
 * evaluations. Settings are not among them, and neither is the primary outcome: it is the held-out pairs where there
 * are such.
 * @throws StudyProblem `bad-results` for an axis that is no setting of a run
 */
export function planOfRows(rows: readonly ResultRow[]): StudyPlan {
  const distinct = <Value>(value: (row: ResultRow) => Value) => [...new Set(rows.map(value))];
  const evaluations = [...new Set(rows.filter(isTest).map(({ benchmark }) => benchmark))];
  return {
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
  };
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
