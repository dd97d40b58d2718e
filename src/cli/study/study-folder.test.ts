import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProblemError } from '../../config/problem.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { cellsOf } from '../../study/cells.ts';
import { conditionFromText, type StudyFaces, type StudyPlan } from '../../study/plan.ts';

import type { ResultRow } from '../../study/results.ts';
import { resultsCsv } from '../../study/results-csv.ts';
import { writeWhole } from '../files.ts';
import { folderOf, readRows, runRows, startedRun, writeRows } from './cell-files.ts';
import { mergeFolders, planIn, settlePlan } from './study-folder.ts';

const PLAN: StudyPlan = {
  name: 'parts',
  version: '',
  config: { ...DEFAULT_CONFIG, steps: 10 },
  conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
  axes: [],
  seeds: [1],
  seedSettings: ['seed'],
  evaluations: [],
  primary: 'heldout',
};
const FACES: StudyFaces = { name: 'people', identities: 12, images: 48, digest: 'aa' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (part: string) => join(folder, part);

/** A part whose cells have ended so; its run.zip holds the part's name. */
function part(name: string, engine: string, states: Readonly<Record<string, ResultRow['state']>>, faces = FACES) {
  settlePlan(at(name), PLAN, faces);
  for (const cell of cellsOf(PLAN)) {
    const state = states[cell.condition.name];
    writeWhole(join(folderOf(at(name), cell), 'run.zip'), new TextEncoder().encode(name));
    if (state !== undefined) writeRows(at(name), cell, [rowOf(cell.condition.name, engine, state)]);
  }
}

function rowOf(condition: string, engine: string, state: ResultRow['state']): ResultRow {
  const ended = { step: 10, measure: 'run', benchmark: '', value: 10, pairs: 0, seconds: 1 } as const;
  return { study: 'parts', condition, axes: '', seed: 1, ...ended, engine, adapter: '', state, reason: '' };
}

test('a plan that names no version is of the one that starts it, also for a later one', () => {
  expect(settlePlan(at('a'), PLAN, FACES).version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(settlePlan(at('b'), { ...PLAN, version: '0.0.1' }, FACES).version).toBe('0.0.1');
  expect(settlePlan(at('b'), { ...PLAN, version: '0.0.2' }, FACES).version).toBe('0.0.1');
});

test('a study is not continued with other faces', () => {
  settlePlan(at('a'), PLAN, FACES);
  expect(settlePlan(at('a'), { ...PLAN, seeds: [2] }, FACES).seeds).toEqual([1, 2]);
  expect(() => settlePlan(at('a'), PLAN, { ...FACES, images: 50, digest: 'bb' })).toThrow(
    'The study is of the faces "people" (48 images); these are others (50 images).',
  );
  expect(planIn(at('a'))?.faces).toEqual(FACES);
});

test('parts of other faces are not joined, and nothing is written', () => {
  part('a', 'wasm', { standard: 'done' });
  part('b', 'wasm', { blend: 'done' }, { ...FACES, digest: 'bb' });
  expect(() => mergeFolders(at('joined'), [at('a'), at('b')])).toThrow(`${at('b')} is of other faces than ${at('a')}.`);
  expect(existsSync(at('joined'))).toBe(false);
});

test('a part whose runs took another number of steps is not joined, and nothing is written', () => {
  part('a', 'wasm', { standard: 'done' });
  part('b', 'wasm', {});
  const [, blend] = cellsOf(PLAN);
  if (blend !== undefined) writeRows(at('b'), blend, [{ ...rowOf('blend', 'wasm', 'done'), value: 20 }]);
  expect(() => mergeFolders(at('joined'), [at('a'), at('b')])).toThrow(
    'The run of blend with seed 1 took 20 steps; in this study it takes 10.',
  );
  expect(existsSync(at('joined'))).toBe(false);
});

test('parts that flags planned, each with the name of its folder, are joined under the first', () => {
  part('a', 'wasm', { standard: 'done' });
  part('b', 'wasm', { blend: 'done' });
  settlePlan(at('c'), { ...PLAN, name: 'c', seeds: [2] }, FACES);
  expect(mergeFolders(at('joined'), [at('a'), at('b'), at('c')])).toMatchObject({ name: 'parts', seeds: [1, 2] });
  settlePlan(at('d'), { ...PLAN, name: 'd', config: { ...DEFAULT_CONFIG, steps: 3 } }, FACES);
  expect(() => mergeFolders(at('again'), [at('a'), at('d')])).toThrow(`${at('d')} is another study than ${at('a')}.`);
});

test('a seed is not joined of runs of PyTorch and of the playground', () => {
  part('a', 'wasm', { standard: 'done' });
  part('b', 'torch', { blend: 'done' });
  expect(() => mergeFolders(at('joined'), [at('a'), at('b')])).toThrow('Seed 1 would have runs of PyTorch and of');
  expect(existsSync(at('joined'))).toBe(false);
});

test('of a cell that two parts have, the finished run keeps all its files', () => {
  part('a', 'wasm', { standard: 'failed', blend: 'done' });
  part('b', 'wasm', { standard: 'done' });
  mergeFolders(at('joined'), [at('a'), at('b')]);
  const fileOf = (id: string) => readFileSync(join(folderOf(at('joined'), { id }), 'run.zip'), 'utf8');
  expect([fileOf('1-standard'), fileOf('1-blend')]).toEqual(['b', 'a']);
});

test('an unpacked export, whose runs have no results of their own, is the first that finished them as well', () => {
  part('a', 'wasm', { standard: 'done', blend: 'done' });
  const rows = readRows(at('a')).map((row) => ({ ...row, adapter: 'of the export' }));
  writeWhole(join(at('a'), 'results.csv'), new TextEncoder().encode(resultsCsv(rows)));
  for (const id of ['1-standard', '1-blend']) rmSync(join(folderOf(at('a'), { id }), 'results.csv'));
  part('b', 'wasm', { standard: 'done', blend: 'done' });
  mergeFolders(at('joined'), [at('a'), at('b')]);
  expect(readRows(at('joined')).map(({ adapter }) => adapter)).toEqual(['of the export', 'of the export']);
  expect(readFileSync(join(folderOf(at('joined'), { id: '1-blend' }), 'run.zip'), 'utf8')).toBe('a');
});

test.each([
  ['a', 'b'],
  ['b', 'a'],
])(
  'of a seed that PyTorch has started and the playground finished, the finished runs are joined: %s, %s',
  (...order) => {
    part('a', 'torch', { standard: 'done' });
    part('b', 'wasm', { standard: 'done', blend: 'done' });
    mergeFolders(at('joined'), order.map(at));
    expect(readRows(at('joined')).map(({ engine }) => engine)).toEqual(['wasm', 'wasm']);
    const fileOf = (id: string) => readFileSync(join(folderOf(at('joined'), { id }), 'run.zip'), 'utf8');
    expect([fileOf('1-standard'), fileOf('1-blend')]).toEqual(['b', 'b']);
  },
);

test('a seed that is added after the first result is written down as such', () => {
  settlePlan(at('a'), PLAN, FACES);
  expect(settlePlan(at('a'), { ...PLAN, seeds: [2] }, FACES).addedSeeds).toEqual([]);
  part('a', 'wasm', { standard: 'done' });
  settlePlan(at('a'), { ...PLAN, seeds: [7] }, FACES);
  expect(planIn(at('a'))?.addedSeeds).toEqual([7]);
  settlePlan(at('a'), { ...PLAN, name: 'other', seeds: [8] }, FACES);
  expect(planIn(at('a'))).toMatchObject({ name: PLAN.name, addedSeeds: [7, 8] });
  // Those of two machines are joined.
  part('b', 'wasm', { blend: 'done' });
  settlePlan(at('b'), { ...PLAN, seeds: [9] }, FACES);
  expect(mergeFolders(at('joined'), [at('a'), at('b')]).addedSeeds).toEqual([7, 8, 9]);
});

test('a damaged file is named with the remedy', () => {
  part('a', 'wasm', { standard: 'done' });
  const [standard] = cellsOf(PLAN);
  const run = folderOf(at('a'), standard ?? expect.fail('no cell'));
  const hintAt = (path: string) => {
    writeWhole(path, new TextEncoder().encode('no,table\n'));
    try {
      readRows(at('a'));
    } catch (error) {
      return error instanceof ProblemError ? `${error.message} ${error.hint}` : error;
    }
    return 'read';
  };
  const own = join(run, 'results.csv');
  expect(hintAt(own)).toContain(
    ` Delete ${run}, and ${join(at('a'), 'results.csv')}: the run is trained again, and results.csv is written`,
  );
  rmSync(run, { recursive: true });
  expect(hintAt(join(at('a'), 'results.csv'))).toMatch(/ Delete it: it is written again from the runs; /);
});

test('more seeds than a study has are refused, and nothing is written', () => {
  const seeds = (first: number) => Array.from({ length: 60 }, (_, at) => first + at);
  settlePlan(at('a'), { ...PLAN, seeds: seeds(1) }, FACES);
  settlePlan(at('b'), { ...PLAN, seeds: seeds(101) }, FACES);
  expect(() => settlePlan(at('a'), { ...PLAN, seeds: seeds(101) }, FACES)).toThrow('these are 120');
  expect(() => mergeFolders(at('joined'), [at('a'), at('b')])).toThrow('these are 120');
  expect(planIn(at('a'))?.seeds).toEqual(seeds(1));
  expect(existsSync(at('joined'))).toBe(false);
});

test('files that a file manager leaves among the runs are no runs', () => {
  part('a', 'wasm', { standard: 'done', blend: 'done' });
  writeWhole(join(at('a'), 'runs', '.DS_Store'), 'x');
  mergeFolders(at('joined'), [at('a')]);
  expect(readdirSync(join(at('joined'), 'runs')).sort()).toEqual(['1-blend', '1-standard']);
});

test('a copy that was cut off is no finished run, and is made again', () => {
  part('a', 'wasm', { blend: 'done' });
  const run = { id: '1-blend' };
  writeWhole(join(folderOf(at('a'), run), 'scores.npz'), 'scores');
  // Something that no copy can take the place of.
  const inTheWay = join(folderOf(at('joined'), run), 'scores.npz');
  mkdirSync(inTheWay, { recursive: true });
  expect(() => mergeFolders(at('joined'), [at('a')])).toThrow('is a folder; a file is expected');
  expect(runRows(at('joined'), run)).toEqual([]);
  rmdirSync(inTheWay);
  mergeFolders(at('joined'), [at('a')]);
  expect(runRows(at('joined'), run).some(({ state }) => state === 'done')).toBe(true);
  expect(readdirSync(folderOf(at('joined'), run)).sort()).toEqual(['results.csv', 'run.zip', 'scores.npz']);
});

test('a damaged file is named with its path', () => {
  part('a', 'wasm', {});
  const [cell] = cellsOf(PLAN);
  if (cell === undefined) throw new Error('The plan has cells.');
  expect(() => startedRun(at('a'), cell)).toThrow(join(folderOf(at('a'), cell), 'run.zip'));
  writeWhole(at('a/study.json'), '{}');
  expect(() => planIn(at('a'))).toThrow(`${at('a')}/study.json: This file is no study.json`);
});

test('of studies that are joined the seeds that the larger plan did not have were added', () => {
  const study = (name: string, seeds: readonly number[]) => settlePlan(at(name), { ...PLAN, seeds }, FACES);
  study('a', [1, 2, 3]);
  study('b', [4, 5]);
  for (const order of [
    ['a', 'b'],
    ['b', 'a'],
  ].map((names) => names.map(at))) {
    expect(mergeFolders(at(`joined-${order.join('').length}-${order[0]?.at(-1)}`), order).addedSeeds).toEqual([4, 5]);
  }
  // Parts of one plan have added none, and a study that was joined before keeps those that it had.
  study('c', [1, 2, 3]);
  expect(mergeFolders(at('parts'), [at('a'), at('c')]).addedSeeds).toEqual([]);
  expect(mergeFolders(at('again'), [at('c'), at('b')]).addedSeeds).toEqual([4, 5]);
  expect(mergeFolders(at('again'), [at('c')])).toMatchObject({ seeds: [1, 2, 3, 4, 5], addedSeeds: [4, 5] });
});
