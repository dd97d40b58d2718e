import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { cellsOf, conditionsOf, keyOf, refuseOtherRuns } from '../../study/cells.ts';
import { checkedPlan, type StudyFaces, type StudyPlan } from '../../study/plan.ts';
import { otherFaces, planText, readPlan, refuseOtherFaces, samePlan } from '../../study/plan-file.ts';
import { StudyProblem } from '../../study/problem.ts';
import { cellKey, joinRows, mixedRuns, type ResultRow } from '../../study/results.ts';
import { resultsCsv } from '../../study/results-csv.ts';
import { readWhole, writeWhole } from '../files.ts';
import { folderOf, RESULTS, readIfThere, readRows, runFolders, runRows } from './cell-files.ts';

/** The file of a folder's plan. */
export const PLAN = 'study.json';

/** The plan of a study's folder; undefined where there is none yet. @throws StudyProblem, FileProblem */
export function planIn(out: string): StudyPlan | undefined {
  const path = join(out, PLAN);
  return readIfThere(path, readPlan);
}

/**
 * Settles the plan of a folder before the first run. A folder that has one keeps it, but for seeds that are added.
 * @throws StudyProblem `other-study` where the folder holds another study, or other faces are given; `bad-plan` where
 * there are too many seeds together
 */
export function settlePlan(out: string, wanted: StudyPlan, faces: StudyFaces): StudyPlan {
  const kept = planIn(out);
  if (kept !== undefined) refuseOtherPlan(out, kept, wanted);
  refuseOtherFaces({ faces: kept?.faces ?? wanted.faces }, faces);
  const seeds = [...new Set([...(kept?.seeds ?? []), ...wanted.seeds])];
  const added = kept === undefined ? [] : seeds.filter((seed) => !kept.seeds.includes(seed));
  // Seeds that join before the first result are planned.
  const late = kept !== undefined && readRows(out).some(({ state }) => state === 'done') ? added : [];
  const addedSeeds = [...(kept?.addedSeeds ?? []), ...late];
  // A plan that was written by hand names no version: it is of the one that starts it.
  const version = kept?.version || wanted.version || packageJson.version;
  const name = kept?.name ?? wanted.name;
  const plan = checkedPlan({ ...wanted, name, version, seeds, addedSeeds, faces });
  writeWhole(join(out, PLAN), planText(plan));
  return plan;
}

/** @throws StudyProblem `other-study` where a folder's plan is not the wanted one */
export function refuseOtherPlan(out: string, kept: StudyPlan, wanted: StudyPlan): void {
  if (samePlan(kept, wanted)) return;
  throw new StudyProblem('other-study', `${out} holds another study.`, 'Name another folder with --out.');
}

/**
 * Joins the folders of one study, such as the parts of a cluster, into `out`: their results, the files of their runs, and
 * the seeds of their plans, under the name of the first.
 * @throws StudyProblem `other-study` where one is of another plan or of other faces, or where a seed would be trained
 * partly by PyTorch; `bad-plan` where there are too many seeds together; FileProblem
 */
export function mergeFolders(out: string, folders: readonly string[]): StudyPlan {
  const plans = [out, ...folders].flatMap((folder) => {
    const plan = planIn(folder);
    if (plan === undefined && folder !== out) {
      throw new StudyProblem('not-a-study', `${folder} holds no study.json.`, 'Name the folders of the parts.');
    }
    return plan === undefined ? [] : [{ folder, plan }];
  });
  const [first] = plans;
  if (first === undefined) throw new StudyProblem('not-a-study', 'There is nothing to join.', 'Name the folders.');
  const known = plans.find(({ plan }) => plan.faces !== undefined);
  for (const { folder, plan } of plans) {
    if (!samePlan(first.plan, plan)) {
      throw new StudyProblem('other-study', `${folder} is another study than ${first.folder}.`, 'Leave it out.');
    }
    if (known !== undefined && otherFaces(plan, known.plan)) {
      throw new StudyProblem('other-study', `${folder} is of other faces than ${known.folder}.`, 'Leave it out.');
    }
  }
  const seeds = [...new Set(plans.flatMap(({ plan }) => plan.seeds))];
  const faces = known?.plan.faces;
  const addedSeeds = addedInJoining(plans.map(({ plan }) => plan));
  const plan = checkedPlan({ ...first.plan, seeds, addedSeeds, ...(faces === undefined ? {} : { faces }) });
  const parts = plans.map(({ folder }) => ({ folder, rows: readRows(folder) }));
  const keeps = joinable(
    plan,
    parts.flatMap(({ rows }) => rows),
  );
  // As the files of a run, its rows are those of the first folder that has finished it.
  const rows = parts
    .map((part) => part.rows.filter(keeps))
    .reduce<readonly ResultRow[]>((found, more) => joinRows(more, found), []);
  refuseOtherRuns(plan, rows);
  refuseMixedSeeds([...rows, ...readRows(out)].filter(({ state }) => state === 'done'));
  const finishedIn = new Map<string, string>();
  for (const { folder, rows: own } of parts.toReversed()) {
    for (const row of own) if (row.state === 'done' && keeps(row)) finishedIn.set(cellKey(row), folder);
  }
  const owners = new Map(cellsOf(plan).map((cell) => [cell.id, finishedIn.get(keyOf(cell))]));
  for (const { folder } of plans) {
    for (const id of folder === out ? [] : runFolders(folder)) {
      if (!runRows(folder, { id }).every(keeps)) continue;
      const owner = owners.get(id);
      // A finished run takes the place of one that failed or was stopped elsewhere, with all its files.
      if (owner === undefined || owner === folder)
        copyRun(folderOf(folder, { id }), folderOf(out, { id }), owner === folder);
    }
  }
  writeWhole(join(out, PLAN), planText(plan));
  writeWhole(join(out, RESULTS), resultsCsv(rows));
  return plan;
}

/**
 * Seeds that were added to one of the plans, or that the plan of the most seeds did not have: the results of one may have
 * been looked at before the other was made.
 */
function addedInJoining(plans: readonly StudyPlan[]): readonly number[] {
  const added = new Set(plans.flatMap(({ addedSeeds = [] }) => addedSeeds));
  const [planned = []] = plans
    .map(({ seeds }) => seeds.filter((seed) => !added.has(seed)))
    .toSorted((one, other) => other.length - one.length);
  return [...new Set(plans.flatMap(({ seeds }) => seeds))].filter((seed) => !planned.includes(seed));
}

/**
 * Which rows may be joined. Of a seed that PyTorch and the playground trained both, those of the one that has finished all
 * conditions, as no run of the other can be paired; of two that have, those of the playground.
 */
function joinable(plan: StudyPlan, rows: readonly ResultRow[]): (row: ResultRow) => boolean {
  const placeOf = ({ seed, axes }: ResultRow) => JSON.stringify([seed, axes]);
  const finished = new Map<string, { readonly torch: Set<string>; readonly own: Set<string> }>();
  for (const row of rows) {
    if (row.measure !== 'run' || row.state !== 'done') continue;
    const there = finished.get(placeOf(row)) ?? { torch: new Set(), own: new Set() };
    there[row.engine === 'torch' ? 'torch' : 'own'].add(row.condition);
    finished.set(placeOf(row), there);
  }
  const all = conditionsOf(plan).length;
  return (row) => {
    const { torch, own } = finished.get(placeOf(row)) ?? {};
    if (torch === undefined || own === undefined || torch.size === 0 || own.size === 0) return true;
    if (torch.size < all && own.size < all) return true;
    return (row.engine === 'torch') === own.size < all;
  };
}

/**
 * Copies the files of a run, each whole, and those that are there only with `force`. Its rows come last, so that a copy
 * that was cut off is not taken for a finished run.
 */
function copyRun(from: string, to: string, force: boolean): void {
  const files = readdirSync(from, { withFileTypes: true }).filter((one) => one.isFile() && !one.name.endsWith('.part'));
  const names = files.map(({ name }) => name).sort((a, b) => Number(a === RESULTS) - Number(b === RESULTS));
  for (const name of names) {
    if (force || !existsSync(join(to, name))) writeWhole(join(to, name), readWhole(join(from, name)));
  }
}

/** @throws StudyProblem `other-study` where a seed has runs of PyTorch and of the playground */
export function refuseMixedSeeds(runs: readonly Pick<ResultRow, 'seed' | 'axes' | 'engine'>[]): void {
  const [mixed] = mixedRuns(runs);
  if (mixed === undefined) return;
  throw new StudyProblem(
    'other-study',
    `Seed ${mixed.seed} would have runs of PyTorch and of the playground. Their random numbers differ, so that they are no pairs.`,
    'Train all runs of a seed with one of the two.',
  );
}
