import { zipSync } from 'fflate';
import type { ExportedFile } from '../../exchange/export/export-network.ts';
import { Budget } from '../../formats/budget.ts';
import { looksLikeZip, unzip } from '../../formats/zip.ts';
import { analyse, type StudyAnalysis } from '../../study/analysis.ts';
import { readScoresFile } from '../../study/cell-scores.ts';
import { finalLayerFile, readFinalLayer } from '../../study/final-layer.ts';
import { unpackRows } from '../../study/packed-rows.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { planText, readPlan } from '../../study/plan-file.ts';
import { StudyProblem } from '../../study/problem.ts';
import type { ResultRow } from '../../study/results.ts';
import { readResultsCsv, resultsCsv } from '../../study/results-csv.ts';
import type { FinalLayer } from '../../study/statistics/seed-novelty.ts';
import { twoWayOf } from '../../study/two-way.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import type { ImportFile } from '../protocol.ts';
import type { JudgeOrder, ResampleOrder, StudyOrder } from './protocol.ts';

export { planOfRows } from '../../study/plan-of-rows.ts';

const PLAN = 'study.json';
const RESULTS = 'results.csv';
/** A file of a cell: its whole run, its final first layer, or the scores of its pairs. */
const OF_CELL = /(?:^|\/)runs\/([^/]+)\/(run\.zip|first-layer\.npz|scores\.npz)$/;
const IN_RUNS = /(?:^|\/)runs\//;

/** A study as files hold it. */
export interface StudyFiles {
  /** Missing where only results.csv was given. */
  readonly plan?: StudyPlan | undefined;
  readonly rows: readonly ResultRow[];
  /** Whole runs as .zip, by the id of their cell. */
  readonly runs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Final first layers, by the id of their cell. */
  readonly layers: ReadonlyMap<string, FinalLayer>;
  /** scores.npz, by the id of their cell. */
  readonly scores: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * A study as one .zip: study.json, results.csv, whole runs, first layers and scores in folders named after their cells, and
 * `others` by their paths, such as its report and figures.
 */
export function writeStudyArchive({ plan, rows, runs, layers, scores, others }: StudyOrder): ExportedFile {
  const text = new TextEncoder();
  // They are packed already.
  const packed = (bytes: Uint8Array) => [bytes, { level: 0 }] as const;
  const bytes = zipSync({
    // The settings of results alone are not known, and a plan would have others.
    ...(plan.bare ? {} : { [PLAN]: text.encode(planText(plan)) }),
    [RESULTS]: text.encode(resultsCsv(rows)),
    ...Object.fromEntries([...others].map(([path, bytes]) => [path, /\.png$/.test(path) ? packed(bytes) : bytes])),
    ...Object.fromEntries([...runs].map(([id, bytes]) => [`runs/${id}/run.zip`, packed(bytes)])),
    ...Object.fromEntries([...scores].map(([id, bytes]) => [`runs/${id}/scores.npz`, bytes])),
    ...Object.fromEntries([...layers].map(([id, layer]) => [`runs/${id}/first-layer.npz`, finalLayerFile(layer)])),
  });
  return { name: `${plan.name}.zip`, bytes, mediaType: 'application/zip' };
}

/**
 * Reads the dropped files: a study's .zip, its folder with study.json and results.csv, or results.csv alone, all within
 * one budget. `progress` hears how many of the files are read.
 * @throws StudyProblem `not-a-study`, `bad-plan`, `bad-results`, FormatProblem for an archive that cannot be unpacked
 */
export async function readStudyFiles(
  files: readonly ImportFile[],
  progress: (done: number, total: number) => void = () => {},
): Promise<StudyFiles> {
  const found = new Map<string, Uint8Array>();
  const runs = new Map<string, Uint8Array<ArrayBuffer>>();
  const layers = new Map<string, FinalLayer>();
  const scores = new Map<string, Uint8Array<ArrayBuffer>>();
  // The cells of a folder have a results.csv each.
  const wanted = files.filter(({ path }) => isWanted(path) || (!IN_RUNS.test(path) && /\.(zip|csv)$/i.test(path)));
  const budget = new Budget(wanted.reduce((sum, { file }) => sum + file.size, 0));
  const take = (path: string, bytes: Uint8Array) => {
    const [, id, name] = OF_CELL.exec(path) ?? [];
    const layer = name === 'first-layer.npz' ? readFinalLayer(bytes, budget) : undefined;
    if (id === undefined) found.set(path, bytes);
    else if (name === 'run.zip') runs.set(id, bytes.slice());
    else if (name === 'scores.npz') scores.set(id, bytes.slice());
    else if (layer !== undefined) layers.set(id, layer);
  };
  for (const [index, { path, file }] of wanted.entries()) {
    progress(index, wanted.length);
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (OF_CELL.test(path) || !looksLikeZip(bytes)) take(path, bytes);
    else for (const [inner, content] of unzip(bytes, '.zip', isWanted, budget)) take(`${path}/${inner}`, content);
  }
  const paths = [...found.keys()];
  const table =
    outermost(paths.filter((path) => lastOf(path) === RESULTS)) ??
    // Alone it may have any name.
    outermost(paths.filter((path) => /\.csv$/i.test(path)));
  const results = table === undefined ? undefined : found.get(table);
  if (table === undefined || results === undefined) {
    throw new StudyProblem(
      'not-a-study',
      `There is no ${RESULTS} in ${files.length === 1 ? `"${files[0]?.path.slice(0, 80)}"` : 'the dropped files'}.`,
      `Drop the ${RESULTS} of a study, or the .zip that the page or the command line wrote.`,
    );
  }
  const beside = table.slice(0, -lastOf(table).length) + PLAN;
  const plan = found.get(beside) ?? found.get(outermost(paths.filter((path) => lastOf(path) === PLAN)) ?? '');
  return {
    plan: plan && readPlan(plan),
    rows: readResultsCsv(new TextDecoder().decode(results), budget),
    runs,
    layers,
    scores,
  };
}

/** The statistics of results. */
export function judged({ plan, rows }: JudgeOrder): StudyAnalysis {
  return analyse(plan, unpackRows(rows));
}

/** The interval of a comparison over seeds and people; undefined where some scores are missing. */
export function resampled({ plan, comparison, scores }: ResampleOrder): Interval | undefined {
  return twoWayOf(plan, comparison, ({ id }, benchmark) => {
    const file = scores.get(id);
    return file && readScoresFile(file, benchmark);
  });
}

function isWanted(name: string): boolean {
  return OF_CELL.test(name) || ([PLAN, RESULTS].includes(lastOf(name)) && !IN_RUNS.test(name));
}

function lastOf(name: string): string {
  return name.split('/').at(-1) ?? name;
}

/** The only one of the fewest folders. @throws StudyProblem `bad-results` where there are several: one would be lost */
function outermost(paths: readonly string[]): string | undefined {
  const depth = (path: string) => path.split('/').length;
  const [first, ...others] = paths.filter((path) => depth(path) === Math.min(...paths.map(depth)));
  if (others.length === 0) return first;
  throw new StudyProblem(
    'bad-results',
    `There are several files of results: ${[first, ...others].join(', ').slice(0, 200)}.`,
    'Drop those of one study; npm run study -- --merge joins the folders of several.',
  );
}
