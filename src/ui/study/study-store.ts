import { create } from 'zustand';
import { RunKeeping } from '../../client/run-keeping.ts';
import { type OpenedStudy, RunsClient } from '../../client/runs-client.ts';
import { facesOfStudy, giveFaces, type OwnFaces, type ReadyFaces } from '../../client/study-faces.ts';
import { StudyPool } from '../../client/study-pool.ts';
import { StudyRun } from '../../client/study-run.ts';
import { type CellResult, type KeptStudy, StudyShelf } from '../../client/study-shelf.ts';
import { StudyTests } from '../../client/study-tests.ts';
import { TrainingClient } from '../../client/training-client.ts';
import { VerificationClient } from '../../client/verification-client.ts';
import { type Problem, ProblemError } from '../../config/problem.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { StudyFaces, StudyPlan } from '../../study/plan.ts';
import { planText, readPlan, refuseOtherFaces } from '../../study/plan-file.ts';
import type { Reading } from '../kit/reading-card.tsx';
import { setStudying } from '../state/step-times.ts';
import { throttle } from '../state/throttle.ts';

/** Something that a person should know, until it is closed. */
export type StudyTrouble = Pick<Problem, 'message' | 'hint'>;

/** The state of the Study screen. */
export interface StudyState {
  /** False until the browser's storage was asked for an earlier study. */
  readonly looked: boolean;
  /** The same object for its whole life, so draw by `version`. */
  readonly study: StudyRun | undefined;
  /** Grows whenever there is something new to draw. */
  readonly version: number;
  /** Another tab trains the study. */
  readonly elsewhere: boolean;
  /** Results of a file, beside those of the study or alone. */
  readonly dropped: DroppedResults | undefined;
  readonly trouble: StudyTrouble | undefined;
  /** Dropped files that are being read, and the end of that. */
  readonly reading: (Reading & { readonly cancel: () => void }) | undefined;
  /** The contents of the files of tests in words, by the names of the files. */
  readonly tests: ReadonlyMap<string, string>;
  /** The faces of a study that starts or resumes are drawn or read. */
  readonly preparing: boolean;
}

/** The results of a file. */
export interface DroppedResults extends OpenedStudy {
  readonly name: string;
  /** That of its study.json, else as far as the rows give it; undefined of rows that belong to the study on the page. */
  readonly plan: StudyPlan | undefined;
  /** Whether it had a study.json. */
  readonly planned: boolean;
}

export const useStudy = create<StudyState>(() => ({
  looked: false,
  study: undefined,
  version: 0,
  elsewhere: false,
  dropped: undefined,
  trouble: undefined,
  reading: undefined,
  tests: new Map(),
  preparing: false,
}));

useStudy.subscribe(({ study }) => setStudying(study?.phase === 'running' || study?.phase === 'pausing'));

export function setStudy(change: Partial<StudyState>): void {
  useStudy.setState(change);
}

const shelf = new StudyShelf();
export const studyRuns = new RunsClient('study-runs');
const keeping = new RunKeeping(studyRuns, {
  kept: (outcome) => {
    if (outcome === 'full') refuse('There is no room left in the browser to keep the runs of this study.');
  },
});

export const studyTests = new StudyTests((receive) => new VerificationClient(receive));

/** Own faces of the study, as it was started or resumed with them. */
let ownFaces: OwnFaces | undefined;
/** The faces of the study, which one worker has drawn or read for all. */
let ready: ReadyFaces | undefined;
/** The client of that worker, which has no run yet. */
let spare: TrainingClient | undefined;

/** Own faces of the study on the page, which stay although the Train tab turns to others. */
export function studyFaces(): OwnFaces | undefined {
  return ownFaces;
}

function hire(): TrainingClient {
  const client = spare ?? new TrainingClient('study');
  if (ready !== undefined) client.post({ type: 'use-faces', ...ready });
  spare = undefined;
  return client;
}

/** Draws or reads the faces of a plan, which then are those of the study. @throws ProblemError */
async function prepareFaces(plan: StudyPlan, own: OwnFaces | undefined): Promise<StudyFaces | undefined> {
  const client = new TrainingClient('study');
  setStudy({ preparing: true });
  try {
    giveFaces(client, plan.config, own);
    const faces = await facesOfStudy(client, plan.config, own);
    refuseOtherFaces(plan, faces.about);
    ownFaces = own;
    ready = faces.ready;
    spare = client;
    return faces.about;
  } catch (error) {
    client.restart();
    throw error;
  } finally {
    setStudy({ preparing: false });
  }
}

const drawNow = () => useStudy.setState(({ version }) => ({ version: version + 1 }));
/** Panels draw a few times a second, however often the workers speak. */
const draw = throttle(drawNow, 250);

/** Says that the study trains on and is not kept. */
function refuse(message: string): void {
  setStudy({ trouble: { message, hint: 'The study continues. Export it before you close the page.' } });
}

function refused(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  refuse(`The browser refuses to keep this study: ${why}`);
}

/** On a graphics card runs would only wait for each other; on the processor each core but one takes a run. */
export function sideBySide({ backend }: EngineInfo): number {
  return backend === 'wasm' || backend === 'cpu' ? Math.max(1, navigator.hardwareConcurrency - 1) : 1;
}

function studyRun(
  study: Pick<KeptStudy, 'id' | 'startedAt'>,
  plan: StudyPlan,
  results?: ReadonlyMap<string, CellResult>,
) {
  return new StudyRun({
    study,
    plan,
    ...(results === undefined ? {} : { results }),
    storage: shelf,
    forget: (runId) => studyRuns.remove(runId),
    pool: (calls) =>
      new StudyPool({
        ...calls,
        hire,
        keeping,
        load: (runId) => studyRuns.load(runId),
        side: sideBySide,
      }),
    test: (order) => studyTests.score(order),
    refused,
    changed: (change) => (change === 'state' ? drawNow() : draw()),
  });
}

/** Looks for the study of an earlier visit; it rests until it is resumed. Asked again it does nothing. */
export async function lookForStudy(): Promise<void> {
  if (useStudy.getState().looked) return;
  setStudy({ looked: true });
  try {
    const found = await shelf.newest();
    if (found === undefined || useStudy.getState().study !== undefined) return;
    const plan = readPlan(new TextEncoder().encode(found.study.plan));
    const held = await keeping.hold(found.study.id);
    setStudy({ study: studyRun(found.study, plan, found.cells), elsewhere: !held });
  } catch (error) {
    // Private windows refuse storage: nothing is then kept, and a study that starts says so.
    if (error instanceof DOMException) return;
    const why = error instanceof Error ? error.message : String(error);
    const message = `The study of your last visit could not be opened: ${why}`;
    setStudy({ trouble: { message, hint: 'It stays in this browser; a newer version of the page may open it.' } });
  }
}

/** Draws or reads its faces, writes the plan down and starts the study. */
export async function startStudy(drafted: StudyPlan, own: OwnFaces | undefined): Promise<void> {
  try {
    const plan = { ...drafted, faces: await prepareFaces(drafted, own) };
    const now = Date.now();
    const study = studyRun({ id: `study-${now.toString(36)}`, startedAt: now }, plan);
    setStudy({ study, elsewhere: false, trouble: undefined });
    await keeping.hold(study.id);
    await study.start();
  } catch (error) {
    setStudy({ trouble: troubleOf(error) });
  }
}

/** Resumes the study; its own faces have to be those that it was planned for. */
export async function resumeStudy(own: OwnFaces | undefined): Promise<void> {
  const { study } = useStudy.getState();
  if (study === undefined) return;
  try {
    if (study.plan.config.faces === 'own' && ownFaces === undefined) await prepareFaces(study.plan, own);
    setStudy({ trouble: undefined });
    study.resume();
  } catch (error) {
    setStudy({ trouble: troubleOf(error) });
  }
}

/** An error as a notice of the screen. */
export function troubleOf(error: unknown): StudyTrouble {
  if (error instanceof ProblemError) return { message: error.message, hint: error.hint };
  const message = `That could not be read: ${error instanceof Error ? error.message : String(error)}`;
  return { message, hint: 'The study on the page is unchanged.' };
}

/** Keeps a study that comes from a file, with the results of its cells by their ids; it rests. */
export async function adoptStudy(plan: StudyPlan, results: ReadonlyMap<string, CellResult>): Promise<StudyRun> {
  const now = Date.now();
  const kept = { id: `study-${now.toString(36)}`, startedAt: now };
  await keeping.hold(kept.id);
  const study = studyRun(kept, plan, results);
  setStudy({ study, elsewhere: false, dropped: undefined });
  await shelf.keep({ ...kept, plan: planText(plan) }).catch(refused);
  for (const [cellId, result] of results) await shelf.keepCell(kept.id, cellId, result).catch(refused);
  return study;
}

/** Ends the study and forgets it with its runs. */
export async function discardStudy(): Promise<void> {
  const { study, dropped } = useStudy.getState();
  if (study === undefined) return;
  study.close();
  spare?.restart();
  [spare, ready, ownFaces] = [undefined, undefined, undefined];
  // Results that have the plan of this study alone cannot be shown without it.
  setStudy({ study: undefined, elsewhere: false, dropped: dropped?.plan && dropped });
  keeping.release(study.id);
  await shelf.remove(study.id).catch(() => {});
  for (const { cell } of study.cells) await studyRuns.remove(study.runIdOf(cell)).catch(() => {});
}

// A page that is hidden may not come back: phones end hidden pages.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') useStudy.getState().study?.keepNow();
});
