import { settingName } from '../config/difference.ts';
import { readConfig } from '../config/read-config.ts';
import { CONFIG_KEYS, type ConfigKey, type RunConfig } from '../config/run-config.ts';
import { StudyProblem } from './problem.ts';

/** A setting with the values that a study tries. */
export interface Axis {
  readonly setting: ConfigKey;
  readonly values: readonly RunConfig[ConfigKey][];
}

/** One value of each axis, by its setting. */
export type AxesPoint = Readonly<Record<string, RunConfig[ConfigKey]>>;

/**
 * Reads `filters=32,64`. Values are checked as settings of a run are; one that is out of range is refused and not clamped.
 * @throws StudyProblem `bad-plan`
 */
export function axisFromText(text: string, config: RunConfig): Axis {
  const [name = '', values = ''] = text.split('=', 2).map((side) => side.trim());
  const parts = values.split(',').map((part) => part.trim());
  return axisOf(
    name,
    parts.filter((part) => part !== ''),
    config,
  );
}

/** The axis of a setting's name and its values as a file has them. @throws StudyProblem `bad-plan` */
export function axisOf(name: string, values: readonly unknown[], config: RunConfig): Axis {
  const setting = CONFIG_KEYS.find((key) => key === name);
  if (setting === undefined) {
    throw new StudyProblem(
      'bad-plan',
      `There is no setting "${name.slice(0, 40)}" to vary.`,
      'Vary one as in filters=32,64.',
    );
  }
  const read = values.map((value) => {
    const { config: changed, notices } = readConfig({ [setting]: value }, config);
    const [notice] = notices;
    if (notice !== undefined) throw new StudyProblem('bad-plan', notice.refusal, 'Correct the values of this axis.');
    return changed[setting];
  });
  const once = [...new Set(read)];
  if (once.length < 2) {
    throw new StudyProblem(
      'bad-plan',
      `The axis ${settingName(setting)} has ${once.length === 1 ? 'one value' : 'no value'}.`,
      `Give it two or more, as in ${setting}=32,64, or set it for the whole study.`,
    );
  }
  return { setting, values: once };
}

/** All points of the axes, the last axis fastest; one without values where there is no axis. */
export function axesPoints(axes: readonly Axis[]): readonly AxesPoint[] {
  return axes.reduce<readonly AxesPoint[]>(
    (points, { setting, values }) => points.flatMap((point) => values.map((value) => ({ ...point, [setting]: value }))),
    [{}],
  );
}

/** A point as the column `axes` of results.csv has it: "filters=32;kernelSize=3". */
export function axesText(point: AxesPoint): string {
  return Object.entries(point)
    .map(([setting, value]) => `${setting}=${value}`)
    .join(';');
}
