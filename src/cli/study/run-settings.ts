import { join } from 'node:path';
import { armConfig } from '../../config/arm.ts';
import { settingName } from '../../config/difference.ts';
import { DRAWING_SETTINGS } from '../../config/drawing-settings.ts';
import { ProblemError } from '../../config/problem.ts';
import { CONFIG_KEYS, type ConfigKey, type RunConfig } from '../../config/run-config.ts';
import { trainedSettings } from '../../exchange/run-archive.ts';
import type { Cell } from '../../study/cells.ts';
import { StudyProblem } from '../../study/problem.ts';
import { folderOf, readIfThere } from './cell-files.ts';
import { PLAN } from './study-folder.ts';

/** They change nothing of a run, or are written of its only arm. */
const ASIDE: readonly ConfigKey[] = ['backend', 'checkpointEvery', 'arms'];

/**
 * Refuses runs of a folder that were trained with other settings than its plan has, as where study.json was edited once
 * they had started.
 * @throws StudyProblem `other-study`
 */
export function refuseOtherSettings(out: string, cells: readonly Cell[]): void {
  for (const cell of cells) {
    for (const file of ['run.zip', 'start.zip']) {
      const trained = settingsOf(join(folderOf(out, cell), file));
      if (trained === undefined) continue;
      const planned = armConfig(cell.config, cell.condition);
      const own = planned.faces === 'own';
      const key = CONFIG_KEYS.find(
        (one) =>
          one in trained &&
          !ASIDE.includes(one) &&
          !(own && DRAWING_SETTINGS.some((drawing) => drawing === one)) &&
          trained[one] !== planned[one],
      );
      if (key === undefined) continue;
      throw new StudyProblem(
        'other-study',
        `The run ${cell.id} was trained with ${settingName(key)} ${trained[key]}; ${join(out, PLAN)} has ${planned[key]}.`,
        'Write the setting back, or name another folder with --out.',
      );
    }
  }
}

/** Undefined where there is no archive, or one that cannot be read: the reader of the whole run names its fault. */
function settingsOf(path: string): Partial<RunConfig> | undefined {
  try {
    return readIfThere(path, trainedSettings);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
