import { existsSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type ArchivedFaces, writeRunArchive } from '../exchange/run-archive.ts';
import { eventsCsv, metricsCsv } from '../exchange/run-tables.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { WeightsOrigin } from '../record/weights-origin.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { UsageError } from './arguments.ts';
import { drawnFace } from './drawn-face.ts';
import { isSamePlace, tryResult, tryToWrite, writeWhole } from './files.ts';
import { claim } from './part-file.ts';
import { runPictures } from './run-pictures.ts';
import type { RunReport } from './run-report.ts';

/** Where a run's files go: all of them into `folder`, its report alone into the file `json`. */
export interface RunPlaces {
  readonly folder?: string | undefined;
  readonly json?: string | undefined;
}

/** The file in a run's folder from which the run can be resumed. */
export const ARCHIVE = 'run.zip';
const FILES = ['run.json', 'metrics.csv', 'events.csv', ARCHIVE] as const;

/** How a run deals with files that are there. */
interface PlaceOptions {
  readonly overwrite: boolean;
  /** The run.zip that the run continues. */
  readonly resumed?: string | undefined;
  /** Other files that it reads. */
  readonly read?: readonly (string | undefined)[];
}

/**
 * Finds out before the training whether its files can be written. Another run's files are left alone unless `overwrite`
 * allows it; a run that is resumed may write over the file `resumed` that it comes from.
 * @throws UsageError, FileProblem
 */
export function tryPlaces({ folder, json }: RunPlaces, { overwrite, resumed, read = [] }: PlaceOptions): void {
  if (folder !== undefined) {
    const archive = join(folder, ARCHIVE);
    const own = resumed !== undefined && isSamePlace(archive, resumed);
    const found = FILES.filter((file) => existsSync(join(folder, file)));
    if (found.length > 0 && !overwrite && !own) {
      throw new UsageError(
        `${folder} holds the files of another run: ${found.join(', ')}. Name another folder with --out, or add --overwrite.`,
      );
    }
    for (const file of FILES) tryToWrite(join(folder, file));
  }
  if (json !== undefined) tryResult(json, [resumed, ...read]);
}

/**
 * Keeps the places, which `tryPlaces` found good, for this process until its end.
 * @throws UsageError where another process trains into the folder
 */
export function claimPlaces({ folder }: RunPlaces): void {
  const other = folder === undefined ? undefined : claim(join(folder, ARCHIVE));
  if (other === undefined) return;
  throw new UsageError(
    `Process ${other} is training a run into ${folder} now. Wait for its end, or name another folder with --out.`,
  );
}

/** Writes the report of a run, and into `folder` also its tables and run.zip, from which it can resume. */
export async function writeRunFiles(
  run: {
    readonly report: RunReport;
    readonly measured: MeasuredRun;
    readonly checkpoint: Checkpoint;
    readonly engine: EngineInfo;
    readonly faces?: ArchivedFaces | undefined;
    readonly weights?: WeightsOrigin | undefined;
  },
  places: RunPlaces,
): Promise<void> {
  const { report, measured, checkpoint, engine, faces, weights } = run;
  const history = measured.history();
  const text = JSON.stringify(report);
  if (places.json !== undefined) writeWhole(places.json, text);
  if (places.folder === undefined) return;
  writeWhole(join(places.folder, 'run.json'), text);
  if (history !== undefined) {
    writeWhole(join(places.folder, 'metrics.csv'), metricsCsv(history));
    writeWhole(join(places.folder, 'events.csv'), eventsCsv(history));
  }
  const { version } = packageJson;
  const pictures = await runPictures(measured, engine, await drawnFace(checkpoint.config));
  writeWhole(
    join(places.folder, ARCHIVE),
    writeRunArchive({ ...checkpoint, version, engine, history, faces, weights }, pictures),
  );
}
