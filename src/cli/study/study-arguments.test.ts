import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decayDose } from '../../config/dose.ts';
import { cellsOf } from '../../study/cells.ts';
import { evaluationOf } from '../../study/evaluation.ts';
import { readPlan } from '../../study/plan-file.ts';
import { readStudyArguments } from './study-arguments.ts';
import { placesOf } from './study-data.ts';

const read = (line: string) => readStudyArguments(`--out out/small ${line}`.trim().split(/\s+/));

test('flags make a plan', () => {
  const given = read(
    '--preset small --faces people --seeds 1-16 --condition blend --condition late:stopAt=90 --vary filters=32,64 --data a/lfw.bin --data synthetic:cfp-fp --pairs 6000 --jobs 2',
  );
  expect(given).toMatchObject({ out: 'out/small', faces: 'people', jobs: 2, reportOnly: false, merge: [] });
  expect(given.plan).toMatchObject({
    name: 'small',
    conditions: [
      { name: 'blend', settings: { strategy: 'blend' } },
      { name: 'late', settings: { stopAt: 90 } },
    ],
    axes: [{ setting: 'filters', values: [32, 64] }],
    evaluations: [
      { name: 'LFW (lfw.bin)', data: 'lfw.bin' },
      { name: 'Drawn CFP-FP', data: 'synthetic:cfp-fp' },
    ],
    primary: 'heldout',
  });
  expect(given.plan?.seeds).toHaveLength(16);
  expect(given.plan?.config).toMatchObject({ faces: 'own', verifyPairs: 6000 });
});

test('the primary evaluation is named as the table or the file has it', () => {
  const primary = (name: string) =>
    read(`--seeds 1 --condition blend --data x/lfw.bin --primary ${name}`).plan?.primary;
  expect(primary('lfw.bin')).toBe('LFW (lfw.bin)');
  expect(primary('heldout')).toBe('heldout');
  expect(() => primary('cfp')).toThrow('There is no evaluation "cfp"');
});

test('without a plan the folder has it; shards and folders to join are read', () => {
  expect(read('--report')).toMatchObject({ plan: undefined, reportOnly: true });
  expect(read('--merge a b --jobs 1')).toMatchObject({ merge: ['a', 'b'], jobs: 1 });
  expect(read('--shard 3/16').shard).toEqual([3, 16]);
});

test.each([
  ['--preset small --seeds 1-2', 'A study needs a condition beside Standard.'],
  ['--preset tiny --condition blend', 'There is no preset "tiny"'],
  ['--seeds 1 --condition blend --steps 0', 'Steps: a whole number from 1 to 1000000 is expected, not "0".'],
  ['--seeds 1 --condition blend --data synthetic:ytf', 'There is no drawn benchmark "ytf".'],
  ['--condition blend --seed 3', 'name them with --seeds'],
  ['--condition blend --shard 3/2', '--shard takes a part such as 3/16'],
  ['--condition blend --seed-also splitseed', '--seed-also takes splitSeed, facesSeed or testSeed, not "splitseed"'],
  ['--condition blend --jobs 0', '--jobs takes a whole number'],
  ['--merge', 'Name the folders to join'],
])('%s is refused in a sentence', (line, sentence) => {
  expect(() => read(line)).toThrow(sentence);
});

test('a plan of a file is taken as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  const file = join(folder, 'study.json');
  writeFileSync(file, readFileSync('studies/decay-drop.json'));
  const given = readStudyArguments([file, '--out', 'x', '--faces', 'people', '--seeds', '1-3']);
  expect(given.plan).toMatchObject({ name: 'decay-drop', seeds: [1, 2, 3] });
  expect(() => readStudyArguments([file, '--out', 'x', '--steps', '10'])).toThrow('leave out steps');
  expect(() => readStudyArguments([file, '--out', 'x', '--condition', 'random'])).toThrow('leave out condition');
  rmSync(folder, { recursive: true });
});

test("a folder's own plan is taken as it is, with more seeds or another engine", () => {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  writeFileSync(join(folder, 'study.json'), readFileSync('studies/decay-drop.json'));
  const read = (...flags: string[]) => readStudyArguments(['--out', folder, ...flags]);
  expect(read().plan).toMatchObject({ name: 'decay-drop', primary: 'heldout' });
  expect(read('--seeds', '31-32', '--backend', 'wasm').plan).toMatchObject({
    name: 'decay-drop',
    seeds: [31, 32],
    config: { backend: 'wasm' },
  });
  expect(() => read('--steps', '10')).toThrow(`The plan is that of ${join(folder, 'study.json')}; leave out steps.`);
  expect(() => read('--vary', 'filters=8,16')).toThrow('leave out vary');
  expect(() => read('--report', '--seeds', '1-3')).toThrow('A report has the seeds that its folder has');
  writeFileSync(join(folder, 'study.json'), '{"format": "craft-playground-study", "formatVersion": 2}');
  expect(() => read()).toThrow(`${join(folder, 'study.json')}: This file is no study.json`);
  rmSync(folder, { recursive: true });
});

test('joined folders need a folder of their own', () => {
  expect(() => readStudyArguments(['--merge', 'a', 'b', '--bundle', 'x.zip'])).toThrow('--out DIR');
});

test('files of evaluations are found by their names', () => {
  const evaluation = evaluationOf('package.json');
  expect(placesOf([evaluation], ['./package.json']).get(evaluation.name)).toBe('./package.json');
  expect(placesOf([evaluation], []).get(evaluation.name)).toBe('package.json');
  expect(() => placesOf([evaluation], ['lfw.bin'])).toThrow('no evaluation on lfw.bin');
  expect(() => placesOf([evaluationOf('none.bin')], [])).toThrow('There is no none.bin for the evaluation "none.bin"');
});

test('the plans that come with the playground can be trained', () => {
  const plans = readdirSync('studies').filter((file) => file.endsWith('.json'));
  const read = new Map(plans.map((file) => [file, readPlan(readFileSync(join('studies', file)))]));
  expect(read.get('strategies-own.json')?.conditions).toHaveLength(5);
  const widths = read.get('widths.json');
  expect(widths && cellsOf(widths)).toHaveLength(2 * 8 * 8);
  expect(read.get('decay-drop.json')).toMatchObject({ primary: 'heldout', config: { verifyPairs: 6000 } });
  // The sum of learning rate times weight decay of InsightFace's own recipe.
  const dose = read.get('insightface-dose.json');
  expect(dose && decayDose(dose.config).sum).toBeCloseTo(2.5, 2);
});
