import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { armConfig } from '../../config/arm.ts';
import { settingName } from '../../config/difference.ts';
import { DRAWING_SETTINGS } from '../../config/drawing-settings.ts';
import { readSavedConfig } from '../../config/read-config.ts';
import { CONFIG_KEYS, type ConfigKey } from '../../config/run-config.ts';
import type { Cell } from '../../study/cells.ts';
import { StudyProblem } from '../../study/problem.ts';
import { folderOf } from './cell-files.ts';
import { PLAN } from './study-folder.ts';

/** They change nothing of a run, or are written of its only arm. */
const ASIDE: readonly ConfigKey[] = ['backend', 'checkpointEvery', 'arms'];
/** run.json is the first file of a run's archive, and a few kilobytes long. */
const START_BYTES = 2 ** 16;

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

/** The settings of an archive's only arm, those of them that it has; undefined where there is none that can be read. */
function settingsOf(path: string): Readonly<Record<string, unknown>> | undefined {
  const text = firstFile(path);
  if (text === undefined) return undefined;
  try {
    const { config, arms } = JSON.parse(text);
    const settings = { ...config, ...arms?.[0]?.settings };
    const { config: read } = readSavedConfig(settings);
    return Object.fromEntries(Object.entries(read).filter(([key]) => key in settings));
  } catch {
    // The reader of the whole archive names its fault.
    return undefined;
  }
}

/** The text of the first file of a .zip, which is stored as it is. */
function firstFile(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = new Uint8Array(START_BYTES);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, START_BYTES, 0);
  } finally {
    closeSync(file);
  }
  // The local header of the .zip format: method at 8, size at 22, lengths of name and extra field at 26 and 28.
  const header = new DataView(bytes.buffer);
  const begin = 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const end = begin + header.getUint32(22, true);
  return header.getUint16(8, true) !== 0 || end > START_BYTES
    ? undefined
    : new TextDecoder().decode(bytes.subarray(begin, end));
}
