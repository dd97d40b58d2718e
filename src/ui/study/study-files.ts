import { giveFaces, type OwnFaces, packedStudy } from '../../client/study-faces.ts';
import type { StudyRun } from '../../client/study-run.ts';
import type { CellResult } from '../../client/study-shelf.ts';
import { TrainingClient } from '../../client/training-client.ts';
import { formatNumber } from '../../config/quantity.ts';
import { MeasuredRun } from '../../record/measured-run.ts';
import { cellsOf, refuseOtherRuns } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { otherFaces, planText, samePlan } from '../../study/plan-file.ts';
import { planOfRows } from '../../study/plan-of-rows.ts';
import { StudyProblem } from '../../study/problem.ts';
import { cellKey, type ResultRow, rowsByCell } from '../../study/results.ts';
import { resultsCsv } from '../../study/results-csv.ts';
import type { FinalLayer } from '../../study/statistics/seed-novelty.ts';
import type { ImportFile } from '../../worker/protocol.ts';
import type { StudyFiles } from '../../worker/runs/study-archive.ts';
import { dropName, unreadableDrop } from '../kit/dropped-files.ts';
import { saveFile } from '../kit/save-file.ts';
import { draftStudy, useStudyDraft } from '../state/study-draft.ts';
import { reportFiles } from './report-files.ts';
import {
  adoptStudy,
  type StudyTrouble,
  setStudy,
  studyFaces,
  studyRuns,
  studyTests,
  troubleOf,
  useStudy,
} from './study-store.ts';

/** Files of results; all others are pairs to test on. */
const RESULTS = /\.(csv|zip|json)$/i;

/** Takes dropped files: results of a study, or official files of pairs. Ends the reading of those dropped before. */
export async function dropFiles(files: readonly ImportFile[]): Promise<void> {
  useStudy.getState().reading?.cancel();
  if (files.some(({ path }) => RESULTS.test(path))) return dropStudy(files);
  // Files that were dropped together are tests of their own; those of a folder are one.
  const tests = files.every(({ path }) => !path.includes('/')) ? files.map((file) => [file]) : [files];
  const reading = startReading();
  for (const [index, some] of tests.entries()) {
    reading.show(dropName(some), index, tests.length);
    if (!reading.signal.aborted) await takeTest(dropName(some), some, reading.signal);
  }
  reading.end();
}

/** The reading of files: `show` says how far it is, the page's Cancel aborts its signal, and `end` takes it off the page. */
function startReading() {
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => setStudy(useStudy.getState().reading?.cancel === cancel ? { reading: undefined } : {});
  const cancel = () => {
    ending.abort();
    end();
  };
  const show = (name: string, done: number, total: number) => {
    if (!signal.aborted) setStudy({ reading: { name, done, total, cancel } });
  };
  return { signal, show, end };
}

/** Takes the file of a test: of the plan that is being written, or of one whose study lacks it. */
async function takeTest(data: string, files: readonly ImportFile[], signal: AbortSignal): Promise<void> {
  const { study } = useStudy.getState();
  const found = (text: string | undefined) =>
    useStudy.setState(({ tests }) => {
      const others = [...tests].filter(([name]) => name !== data);
      return { tests: new Map(text === undefined ? others : [...others, [data, text]]) };
    });
  try {
    if (study !== undefined && !study.plan.evaluations.some((one) => one.data === data)) {
      throw new StudyProblem(
        'other-study',
        `This study has no test on ${data}; its plan was settled before the first run.`,
        'Reset it to plan another study.',
      );
    }
    found('reading');
    found(await studyTests.take(data, files, signal));
    setStudy({ trouble: undefined });
    const { data: chosen } = useStudyDraft.getState();
    if (study === undefined && !chosen.includes(data)) draftStudy({ data: [...chosen, data] });
  } catch (error) {
    found(undefined);
    if (!signal.aborted) setStudy({ trouble: troubleOf(error) });
  }
}

/**
 * Takes results: a whole study on an empty page is opened as the study of the page, and resumes where it was;
 * results beside a study, or without a plan, are shown in its plots.
 */
async function dropStudy(files: readonly ImportFile[]): Promise<void> {
  const { signal, show, end } = startReading();
  try {
    show(dropName(files), 0, 0);
    const progress = (done: number, total: number) => show(dropName(files), done, total);
    const alone = useStudy.getState().study === undefined;
    const read = await studyRuns.openStudy(files, { signal, progress, alone });
    end();
    // One may have been started while the files were read.
    const { study } = useStudy.getState();
    if (read.plan !== undefined && study !== undefined && !samePlan(read.plan, study.plan)) {
      throw new StudyProblem(
        'other-study',
        `${dropName(files)} is of another study: its plan differs in more than its seeds.`,
        'Reset this study first, or drop the results of the same plan.',
      );
    }
    if (read.plan !== undefined && study !== undefined && otherFaces(read.plan, study.plan)) {
      throw new StudyProblem(
        'other-study',
        `${dropName(files)} is of other faces than this study, though its settings are the same.`,
        'Reset this study first, or drop results of the same faces.',
      );
    }
    const planned = study?.plan ?? read.plan;
    if (planned !== undefined) refuseOtherRuns(planned, read.rows);
    setStudy({ trouble: undefined });
    if (read.plan !== undefined && study === undefined) {
      const results = resultsOf(read.plan, read);
      const adopted = await adoptStudy(read.plan, results);
      const left = rowsByCell(read.rows).size - results.size;
      if (left > 0) setStudy({ trouble: leftOut(left) });
      await restoreRuns(adopted, read.runs);
    } else {
      const plan = read.plan ?? read.planOfRows ?? (study === undefined ? planOfRows(read.rows) : undefined);
      setStudy({ dropped: { name: dropName(files), ...read, plan, planned: read.plan !== undefined } });
    }
  } catch (error) {
    end();
    if (!signal.aborted) setStudy({ trouble: troubleOf(error) });
  }
}

/** Keeps the runs of an opened study, with their first layers; one that cannot be read is left out. */
async function restoreRuns(study: StudyRun, runs: StudyFiles['runs']): Promise<void> {
  for (const { cell, result } of study.cells) {
    const bytes = runs.get(cell.id);
    if (bytes === undefined || result === undefined) continue;
    const opened = await studyRuns.openFile(new File([bytes], `${cell.id}.zip`)).catch(() => undefined);
    if (opened === undefined) continue;
    const { kept, history, checkpoint } = opened;
    await studyRuns.keep({ run: { ...kept, runId: study.runIdOf(cell) }, history, checkpoint });
    study.addLayer(cell, MeasuredRun.of(checkpoint.config, checkpoint.step, history));
  }
}

/** The results shown as one .zip, with the runs that are kept of the study here. */
export async function exportStudy(
  { plan, rows }: { readonly plan: StudyPlan; readonly rows: readonly ResultRow[] },
  study: StudyRun | undefined,
): Promise<void> {
  const runs = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { cell, phase } of study?.cells ?? []) {
    const run = phase === 'done' ? await packed(study?.runIdOf(cell) ?? '') : undefined;
    if (run !== undefined) runs.set(cell.id, run);
  }
  const layers = new Map<string, FinalLayer>();
  const scores = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { cell, result } of study?.cells ?? []) {
    if (result?.layer) layers.set(cell.id, result.layer);
    if (result?.scores) scores.set(cell.id, result.scores);
  }
  try {
    const others = await reportFiles(plan, rows, { layers, scores });
    const { name, bytes, mediaType } = await studyRuns.packStudy({ plan, rows, runs, layers, scores, others });
    saveFile(name, new Blob([bytes], { type: mediaType }));
  } catch (error) {
    setStudy({ trouble: troubleOf(error) });
  }
}

/** A kept run as .zip; undefined where it made room for others. */
async function packed(runId: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { kept, history, checkpoint } = await studyRuns.load(runId);
    return (await studyRuns.pack({ run: kept, history, checkpoint, pictures: new Map() })).bytes;
  } catch {
    return undefined;
  }
}

/** The numbers of the results shown. */
export function exportResults({ plan, rows }: { readonly plan: StudyPlan; readonly rows: readonly ResultRow[] }): void {
  saveFile(`${plan.name}-results.csv`, new Blob([resultsCsv(rows)], { type: 'text/csv' }));
}

/** The plan alone, for the command line. */
export function exportPlan(plan: StudyPlan): void {
  saveFile('study.json', new Blob([planText(plan)], { type: 'application/json' }));
}

/** The study's files for a cluster as one .zip, with its faces and pairs. */
export async function exportBundle(plan: StudyPlan, own: OwnFaces | undefined): Promise<void> {
  // A worker of its own: those that train are not to wait for it.
  const client = new TrainingClient('study');
  try {
    giveFaces(client, plan.config, studyFaces() ?? own);
    const { bytes, unreadable } = await packedStudy(client, plan, (evaluation) => studyTests.filesOf(evaluation));
    saveFile(`${plan.name}-cluster.zip`, new Blob([bytes], { type: 'application/zip' }));
    if (unreadable.length > 0) {
      setStudy({
        trouble: { message: unreadable.join(' '), hint: 'The bundle is saved; its tests have no pairs of them.' },
      });
    }
  } catch (error) {
    setStudy({ trouble: troubleOf(error) });
  } finally {
    client.restart();
  }
}

/** A drop that the browser could not read. */
export function refuseDrop(error: unknown): void {
  setStudy({ trouble: { message: unreadableDrop(error), hint: 'Drop the files again, or choose them.' } });
}

/** Runs of a file that its own plan does not have. */
function leftOut(runs: number): StudyTrouble {
  const are =
    runs === 1 ? 'run of the file is not in its plan, and is' : 'runs of the file are not in its plan, and are';
  const message = `${formatNumber(runs)} ${are} left out.`;
  return { message, hint: 'Open its results.csv alone to see them, or add their seeds to the study.' };
}

/** Rows by the id of their cell. */
function resultsOf(plan: StudyPlan, { rows, layers, scores }: StudyFiles): ReadonlyMap<string, CellResult> {
  const results = new Map<string, CellResult>();
  const found = rowsByCell(rows);
  for (const cell of cellsOf(plan)) {
    const own = found.get(cellKey({ ...cell, condition: cell.condition.name }));
    if (own !== undefined) results.set(cell.id, { rows: own, layer: layers.get(cell.id), scores: scores.get(cell.id) });
  }
  return results;
}
