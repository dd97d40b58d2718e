import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { ProblemError } from '../../config/problem.ts';
import { type RunArchive, readRunArchive, writeRunArchive } from '../../exchange/run-archive.ts';
import type { ArmRecord } from '../../record/arm-record.ts';
import { type CellScores, readScoresFile, scoresFile } from '../../study/cell-scores.ts';
import type { Cell } from '../../study/cells.ts';
import { finalLayerFile, finalLayerOf, readFinalLayer } from '../../study/final-layer.ts';
import { joinRows, type ResultRow } from '../../study/results.ts';
import { readResultsCsv, resultsCsv } from '../../study/results-csv.ts';
import type { FinalLayer } from '../../study/statistics/seed-novelty.ts';
import { readWhole, writeWhole } from '../files.ts';

export const RESULTS = 'results.csv';
const RUNS = 'runs';
const ARCHIVE = 'run.zip';
const LAYER = 'first-layer.npz';
const SCORES = 'scores.npz';

/** The folder of a cell's files. */
export function folderOf(out: string, cell: Pick<Cell, 'id'>): string {
  return join(out, RUNS, cell.id);
}

/**
 * Reads a file of a study; undefined where there is none. A problem in it is named with its path: a study has thousands.
 * @throws ProblemError
 */
export function readIfThere<Result>(
  path: string,
  read: (bytes: Uint8Array<ArrayBuffer>) => Result,
): Result | undefined {
  return existsSync(path) ? readNamed(path, read) : undefined;
}

/** The same of a file that has to be there. @throws ProblemError */
export function readNamed<Result>(path: string, read: (bytes: Uint8Array<ArrayBuffer>) => Result): Result {
  try {
    return read(readWhole(path));
  } catch (error) {
    if (!(error instanceof ProblemError) || error.message.includes(path)) throw error;
    // Anything but the plan is made again.
    const hint = path.includes(`${sep}${RUNS}${sep}`)
      ? `Delete ${dirname(path)}, and ${join(dirname(path), '..', '..', RESULTS)}: the run is trained again, and results.csv is written from the runs; results of other machines have to be given again.`
      : basename(path) === RESULTS
        ? `Delete it: it is written again from the runs; results of other machines have to be given again.`
        : error.hint;
    throw new ProblemError(error.code, `${path}: ${error.message}`, hint, { cause: error });
  }
}

/** The run of a cell that was stopped before its end; undefined where there is none. @throws ModelProblem, FileProblem */
export function startedRun(out: string, cell: Cell): RunArchive | undefined {
  return readIfThere(join(folderOf(out, cell), ARCHIVE), (bytes) => readRunArchive(bytes));
}

export function writeArchive(out: string, cell: Cell, run: RunArchive): void {
  writeWhole(join(folderOf(out, cell), ARCHIVE), writeRunArchive(run));
}

/** Writes first-layer.npz of a cell whose first layer was read. */
export function writeLayer(out: string, cell: Cell, arm: ArmRecord | undefined): void {
  const layer = finalLayerOf(arm);
  if (layer !== undefined) writeWhole(join(folderOf(out, cell), LAYER), finalLayerFile(layer));
}

/** The first layer that `writeLayer` wrote; undefined where there is none. @throws FormatProblem, FileProblem */
export function readLayer(out: string, cell: Pick<Cell, 'id'>): FinalLayer | undefined {
  return readIfThere(join(folderOf(out, cell), LAYER), readFinalLayer);
}

/** Writes scores.npz: of each evaluation its distances, answers and people. */
export function writeScores(out: string, cell: Cell, scores: ReadonlyMap<string, CellScores>): void {
  writeWhole(join(folderOf(out, cell), SCORES), scoresFile(scores));
}

/** The scores of one evaluation that `writeScores` wrote. @throws FormatProblem, FileProblem */
export function readScores(out: string, cell: Pick<Cell, 'id'>, benchmark: string): CellScores | undefined {
  return readIfThere(join(folderOf(out, cell), SCORES), (bytes) => readScoresFile(bytes, benchmark));
}

/** Writes the rows of a finished or failed cell; until then it counts as queued. */
export function writeRows(out: string, cell: Cell, rows: readonly ResultRow[]): void {
  writeWhole(join(folderOf(out, cell), RESULTS), resultsCsv(rows));
}

/** The rows of a cell's own file. @throws StudyProblem, FileProblem */
export function runRows(out: string, cell: Pick<Cell, 'id'>): readonly ResultRow[] {
  return readCsv(join(folderOf(out, cell), RESULTS));
}

/**
 * All rows of a study's folder: those of its runs, and those that came from other machines with results.csv.
 * @throws StudyProblem, FileProblem
 */
export function readRows(out: string): readonly ResultRow[] {
  const joined = readCsv(join(out, RESULTS));
  return runFolders(out).reduce((rows, id) => joinRows(rows, readCsv(join(folderOf(out, { id }), RESULTS))), joined);
}

/** The ids of the runs of a study's folder. Other files beside them, as .DS_Store, are left alone. */
export function runFolders(out: string): readonly string[] {
  const runs = join(out, RUNS);
  if (!existsSync(runs)) return [];
  return readdirSync(runs, { withFileTypes: true }).flatMap((one) => (one.isFile() ? [] : [one.name]));
}

function readCsv(path: string): readonly ResultRow[] {
  return readIfThere(path, (bytes) => readResultsCsv(new TextDecoder().decode(bytes))) ?? [];
}
