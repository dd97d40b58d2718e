import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { writeNpy } from '../../formats/npy.ts';
import { analyse } from '../../study/analysis.ts';
import { readScoresFile, scoresFile } from '../../study/cell-scores.ts';
import { packRows, unpackRows } from '../../study/packed-rows.ts';
import { conditionFromText, type StudyPlan } from '../../study/plan.ts';
import { planOfRows } from '../../study/plan-of-rows.ts';
import type { ResultRow } from '../../study/results.ts';
import { resultsCsv } from '../../study/results-csv.ts';
import { studyOfOnePerson } from '../../study/testing/one-person.ts';
import { RunKeeper } from './run-keeper.ts';
import { RunShelf } from './run-shelf.ts';
import { readStudyFiles, writeStudyArchive } from './study-archive.ts';

const PLAN: StudyPlan = {
  name: 'study',
  config: { ...DEFAULT_CONFIG, steps: 60 },
  conditions: [conditionFromText('blend', DEFAULT_CONFIG)],
  axes: [{ setting: 'filters', values: [8, 16] }],
  seeds: [1, 4],
  seedSettings: ['seed'],
  evaluations: [],
  primary: 'heldout',
  version: '1',
};

const ROW: ResultRow = {
  study: 'study',
  condition: 'blend',
  axes: 'filters=8',
  seed: 4,
  step: 60,
  measure: 'accuracy',
  benchmark: 'heldout',
  value: 0.95,
  pairs: 6000,
  seconds: 12.5,
  engine: 'wasm',
  adapter: 'SIMD',
  state: 'done',
  reason: '',
};

const SCORES = {
  distances: Float64Array.of(0.5, 1.5),
  same: Uint8Array.of(1, 0),
  identities: { left: Int32Array.of(1, 2), right: Int32Array.of(1, 3) },
};

const dropped = (path: string, content: string | Uint8Array<ArrayBuffer>) => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? path),
});

test('a study comes back from its .zip as it was written', async () => {
  const layer = {
    kernel: Float32Array.of(1, 2, 3),
    shape: [1, 1, 3, 1],
    inactive: Uint8Array.of(0),
    unused: Uint8Array.of(1),
    reactivated: Int32Array.of(2),
  } as const;
  const study = {
    plan: PLAN,
    rows: [ROW],
    runs: new Map([['4-blend', new Uint8Array([1, 2, 3])]]),
    layers: new Map([['4-blend', layer]]),
    scores: new Map([['4-blend', scoresFile(new Map([['heldout', SCORES]]))]]),
  };
  const others = new Map([['report.md', strToU8('# study')]]);
  const { name, bytes: zip } = writeStudyArchive({ ...study, others });
  expect(name).toBe('study.zip');
  const read = await readStudyFiles([dropped(name, zip)]);
  expect(read).toEqual(study);
  expect(readScoresFile(read.scores.get('4-blend') ?? new Uint8Array(0), 'heldout')).toEqual(SCORES);
  expect(strFromU8(unzipSync(zip)['report.md'] ?? new Uint8Array(0))).toBe('# study');
  // The same as a folder: the results of the whole study count, not those of a cell.
  const folder = Object.entries(unzipSync(zip)).map(([path, bytes]) => dropped(`out/${path}`, new Uint8Array(bytes)));
  const ofCell = dropped('out/runs/4-blend/results.csv', resultsCsv([{ ...ROW, value: 0.1 }]));
  const heard: number[] = [];
  const progress = (done: number, total: number) => heard.push(done / total);
  expect(await readStudyFiles([...folder, ofCell], progress)).toEqual(study);
  // Those that are read: not the report, nor the results of the cell.
  const count = folder.length - others.size;
  expect(heard).toEqual(Array.from({ length: count }, (_, index) => index / count));
});

test('results.csv alone, under any name, or in a folder with its study.json', async () => {
  const csv = resultsCsv([ROW]);
  expect(await readStudyFiles([dropped('cluster.csv', csv)])).toEqual({
    plan: undefined,
    rows: [ROW],
    runs: new Map(),
    layers: new Map(),
    scores: new Map(),
  });
  const inFolder = zipSync({
    'out/study.json': strToU8('{}'),
    'out/runs/4-blend/results.csv': strToU8('another'),
    'out/results.csv': strToU8(csv),
  });
  await expect(readStudyFiles([dropped('out.zip', inFolder)])).rejects.toMatchObject({ code: 'not-a-study' });
});

test('of several tables the results count, and of two studies none is lost', async () => {
  const csv = resultsCsv([ROW]);
  const other = resultsCsv([{ ...ROW, seed: 9 }]);
  const read = (...files: readonly (readonly [string, string])[]) =>
    readStudyFiles(files.map(([path, content]) => dropped(path, content)));
  for (const order of [['out/results.csv', 'out/notes.csv'] as const, ['out/notes.csv', 'out/results.csv'] as const]) {
    const files = order.map((path) => [path, path.includes('notes') ? 'a,b\n1,2\n' : csv] as const);
    expect((await read(...files)).rows).toEqual([ROW]);
  }
  expect((await read(['out/results.csv', csv], ['out/part/results.csv', other])).rows).toEqual([ROW]);
  await expect(read(['one.csv', csv], ['two.csv', other])).rejects.toThrow(
    'There are several files of results: one.csv, two.csv.',
  );
  await expect(read(['a/results.csv', csv], ['b/results.csv', other])).rejects.toThrow('a/results.csv, b/results.csv');
  const zips = ['a.zip', 'b.zip'].map((path) =>
    dropped(path, new Uint8Array(zipSync({ 'results.csv': strToU8(path === 'a.zip' ? csv : other) }))),
  );
  await expect(readStudyFiles(zips)).rejects.toThrow('a.zip/results.csv, b.zip/results.csv');
});

test('results without a plan are packed without one: its settings are not known', async () => {
  const rows = ['standard', 'blend'].map((condition): ResultRow => ({ ...ROW, condition, axes: '' }));
  const plan = planOfRows(rows);
  const none = { runs: new Map(), layers: new Map(), scores: new Map(), others: new Map() };
  const { bytes } = writeStudyArchive({ plan, rows, ...none });
  expect(Object.keys(unzipSync(bytes))).toEqual(['results.csv']);
  expect(await readStudyFiles([dropped('study.zip', bytes)])).toMatchObject({ plan: undefined, rows });
});

test('files of no study are refused by name', async () => {
  await expect(readStudyFiles([dropped('photo.jpg', 'x')])).rejects.toMatchObject({
    message: 'There is no results.csv in "photo.jpg".',
  });
  await expect(readStudyFiles([dropped('results.csv', 'a,b\n1,2\n')])).rejects.toMatchObject({ code: 'bad-results' });
  await expect(readStudyFiles([dropped('study.zip', strToU8('PK\u0003\u0004 broken'))])).rejects.toMatchObject({
    message: expect.stringContaining('cannot be unpacked'),
  });
});

test('an archive whose first layers unpack to far more than it holds is refused', async () => {
  const layer = zipSync({ 'kernel.npy': writeNpy({ type: 'float32', shape: [1e6], data: new Float32Array(1e6) }) });
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`runs/${at}/first-layer.npz`, layer]));
  const zip = zipSync({ ...files, 'results.csv': strToU8(resultsCsv([ROW])) }, { level: 0 });
  await expect(readStudyFiles([dropped('study.zip', new Uint8Array(zip))])).rejects.toMatchObject({
    code: 'too-large',
  });
});

test('the worker resamples seeds and people, where all scores are there', async () => {
  const keeper = new RunKeeper(new RunShelf({ busy: async () => new Set() }), async () => ({
    used: undefined,
    quota: undefined,
  }));
  const { plan, rows, scores } = studyOfOnePerson();
  const comparison = analyse(plan, rows).comparisons.find(({ outcome }) => outcome.measure === 'accuracy');
  if (comparison === undefined) throw new Error('The accuracy is not compared.');
  expect(comparison.claimed).toBe(true);
  const answer = await keeper.answer({ type: 'resample', plan, comparison, scores });
  if (answer.type !== 'resampled') throw new Error(`The answer is ${answer.type}.`);
  const [low, high] = answer.interval ?? [];
  // A third of the draws of people leave the only one out that gains.
  expect(low).toBe(0);
  expect(high).toBeGreaterThan(comparison.statistics?.interval[1] ?? 1);
  const fewer = new Map([...scores].slice(1));
  expect(await keeper.answer({ type: 'resample', plan, comparison, scores: fewer })).toEqual({
    type: 'resampled',
    interval: undefined,
  });
});

test('the worker reads and writes studies, and refuses files by the sentence of their fault', async () => {
  const keeper = new RunKeeper(new RunShelf({ busy: async () => new Set() }), async () => ({
    used: undefined,
    quota: undefined,
  }));
  const study = { plan: PLAN, rows: [ROW], runs: new Map(), layers: new Map(), scores: new Map() };
  const written = await keeper.answer({ type: 'pack-study', ...study, others: new Map() });
  if (written.type !== 'file') throw new Error(`The answer is ${written.type}.`);
  const reports: unknown[] = [];
  const open = (path: string, content: Uint8Array<ArrayBuffer> | string) =>
    keeper.answer({ type: 'open-study', files: [dropped(path, content)], alone: true }, (report) =>
      reports.push(report),
    );
  expect(await open('study.zip', written.file.bytes)).toEqual({
    type: 'study',
    study: { ...study, rows: packRows([ROW]) },
  });
  expect(reports).toEqual([{ type: 'progress', done: 0, total: 1 }]);
  for (const [content, code] of [
    ['a,b\n1,2\n', 'bad-results'],
    ['PK\u0003\u0004 broken', 'wrong-format'],
    [resultsCsv([{ ...ROW, condition: 'standard' }]), 'bad-results'],
  ] as const) {
    expect(await open('results.csv', content)).toMatchObject({ type: 'failed', failure: { code } });
  }
});

test('the worker finds the plan of results that come without one, and judges them as the page would', async () => {
  const shelf = new RunShelf({ busy: async () => new Set() });
  const keeper = new RunKeeper(shelf, async () => ({ used: undefined, quota: undefined }));
  const rows = [1, 2].flatMap((seed) =>
    ['standard', 'blend'].flatMap((condition) => {
      const run = { ...ROW, seed, condition, axes: '', step: 10 };
      const end: ResultRow = { ...run, measure: 'run', benchmark: '', value: 10, pairs: 0 };
      return [end, { ...run, value: condition === 'blend' ? 0.8 + seed / 100 : 0.8 }];
    }),
  );
  const open = async (alone: boolean) => {
    const files = [dropped('results.csv', resultsCsv(rows))];
    const answer = await keeper.answer({ type: 'open-study', files, alone });
    return answer.type === 'study' ? answer.study : expect.fail(`The answer is ${answer.type}.`);
  };
  const plan = planOfRows(rows);
  const { planOfRows: found, rows: packed } = await open(true);
  expect(found).toEqual(plan);
  expect(unpackRows(packed)).toEqual(rows);
  expect((await open(false)).planOfRows).toBeUndefined();
  const judged = await keeper.answer({ type: 'judge', plan, rows: packed });
  const { analysis } = judged.type === 'judged' ? judged : expect.fail(`The answer is ${judged.type}.`);
  expect(analysis).toEqual(analyse(plan, rows));
  expect(analysis.comparisons[0]?.statistics?.mean).toBeCloseTo(0.015, 12);
});
