import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { axesPoints, axesText, axisFromText } from './axes.ts';
import { cellsOf, cellsOfShard, conditionsOf, refuseOtherRuns, refuseOtherTests } from './cells.ts';
import { checkedPlan, conditionFromText, HELD_OUT, type StudyPlan } from './plan.ts';
import { otherFaces, planText, readPlan, samePlan } from './plan-file.ts';
import type { ResultRow } from './results.ts';
import { seedsFromText, seedsText } from './seeds.ts';

const PLAN: StudyPlan = {
  name: 'widths',
  version: '0.1.0',
  config: DEFAULT_CONFIG,
  conditions: [conditionFromText('blend', DEFAULT_CONFIG), conditionFromText('weak:strongShare=1', DEFAULT_CONFIG)],
  axes: [axisFromText('filters=16,32', DEFAULT_CONFIG), axisFromText('kernelSize=3,7', DEFAULT_CONFIG)],
  seeds: [4, 2],
  seedSettings: ['seed'],
  evaluations: [{ name: 'LFW', data: 'lfw.bin' }],
  primary: HELD_OUT,
};

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const plan = (change: Partial<StudyPlan>) => () => checkedPlan({ ...PLAN, ...change });

test('seeds are a list and ranges, each once and in their order', () => {
  expect(seedsFromText('3, 1-3 9')).toEqual([3, 1, 2, 9]);
  expect(seedsText([3, 1, 2, 9])).toBe('3,1-2,9');
  expect(seedsText(seedsFromText('1-16'))).toBe('1-16');
  for (const wrong of ['', 'a', '5-3', '1-200', '-1', '1.5', '99999999999']) {
    expect(() => seedsFromText(wrong), wrong).toThrow(/./);
  }
  expect(() => seedsFromText('5-3')).toThrow('The range 5-3 runs backwards.');
});

test('an axis takes values that a run could have, and no others', () => {
  expect(axisFromText('weightDecay=0.01,0.001', DEFAULT_CONFIG).values).toEqual([0.01, 0.001]);
  expect(axisFromText('body=plain,iresnet10', DEFAULT_CONFIG).values).toEqual(['plain', 'iresnet10']);
  expect(() => axisFromText('filters=32,640', DEFAULT_CONFIG)).toThrow('is expected, not');
  expect(() => axisFromText('filters=32', DEFAULT_CONFIG)).toThrow('one value');
  expect(() => axisFromText('colour=1,2', DEFAULT_CONFIG)).toThrow('There is no setting "colour"');
  expect(axesPoints(PLAN.axes).map(axesText)).toEqual([
    'filters=16;kernelSize=3',
    'filters=16;kernelSize=7',
    'filters=32;kernelSize=3',
    'filters=32;kernelSize=7',
  ]);
});

test('the bare name of a strategy is the condition of that strategy', () => {
  expect(conditionFromText('per-weight', DEFAULT_CONFIG)).toEqual({
    name: 'per-weight',
    settings: { strategy: 'per-weight' },
  });
  expect(conditionFromText('late:stopAt=90', DEFAULT_CONFIG)).toEqual({ name: 'late', settings: { stopAt: 90 } });
  expect(conditionFromText('craft', DEFAULT_CONFIG)).toEqual({ name: 'craft', settings: {} });
  expect(() => conditionFromText('x:strategy=bend', DEFAULT_CONFIG)).toThrow('"bend"');
  expect(() => conditionFromText('per_weight', DEFAULT_CONFIG)).toThrow('There is no strategy "per_weight".');
  expect(() => conditionFromText('random:stopAt=90', DEFAULT_CONFIG)).toThrow(
    'Condition "random" would have the strategy blend',
  );
  expect(() => conditionFromText('late:', DEFAULT_CONFIG)).toThrow('The condition "late:" has no settings.');
});

test('cells come seed by seed, Standard first, with their settings', () => {
  const cells = cellsOf(PLAN);
  expect(cells).toHaveLength(2 * 4 * conditionsOf(PLAN).length);
  expect(cells.slice(0, 4).map(({ id }) => id)).toEqual([
    '4-standard_filters-16_kernelSize-3',
    '4-blend_filters-16_kernelSize-3',
    '4-weak_filters-16_kernelSize-3',
    '4-standard_filters-16_kernelSize-7',
  ]);
  expect(cells.map(({ index }) => index)).toEqual(cells.map((_, index) => index));
  expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  expect(cells[0]?.config).toMatchObject({ seed: 4, filters: 16, kernelSize: '3', arms: 'standard' });
  // The test stays the same for all seeds unless it is asked otherwise.
  expect(cells[0]?.config).toMatchObject({ splitSeed: 1, facesSeed: 1, testSeed: 1 });
  const [own] = cellsOf({ ...PLAN, seedSettings: ['seed', 'splitSeed'] });
  expect(own?.config).toMatchObject({ splitSeed: 4, facesSeed: 1, testSeed: 1 });
});

test('shards share out whole seeds', () => {
  const seeds = [1, 2, 3, 4, 5];
  const shards = [1, 2].map((shard) => cellsOfShard({ ...PLAN, seeds }, shard, 2));
  expect(shards.map((cells) => [...new Set(cells.map(({ seed }) => seed))])).toEqual([
    [1, 3, 5],
    [2, 4],
  ]);
  expect(shards.flat()).toHaveLength(cellsOf({ ...PLAN, seeds }).length);
});

test('a plan that could not be judged is refused in a sentence', () => {
  expect(plan({})).not.toThrow();
  expect(plan({ conditions: [] })).toThrow('needs a condition');
  expect(plan({ conditions: [{ name: 'standard', settings: { craft: false } }] })).toThrow('part of every study');
  expect(plan({ conditions: [{ name: 'off', settings: { craft: false } }] })).toThrow(
    'differs from Standard in nothing',
  );
  expect(plan({ conditions: [{ name: 'a', settings: { steps: 5 } }] })).toThrow('"a" cannot have');
  expect(plan({ conditions: [{ name: 'a', settings: { filters: 8 } }] })).toThrow(
    'first-layer filters is decided elsewhere',
  );
  expect(plan({ config: { ...DEFAULT_CONFIG, craft: false } })).toThrow('CRAFT is switched off');
  expect(plan({ seeds: [] })).toThrow('1 to 100 different seeds');
  expect(plan({ seeds: [1, 1] })).toThrow('1 to 100 different seeds');
  // Both would be trained with the highest seed, and be one network.
  expect(plan({ seeds: [1, 3_000_000_000, 4_000_000_000] })).toThrow('3000000000 is no seed');
  expect(plan({ seeds: [0, 2 ** 31 - 1] })).not.toThrow();
  const named = (...files: string[]) => files.map((name) => ({ name, data: name }));
  expect(plan({ evaluations: named('my pairs.bin', 'my-pairs.bin') })).toThrow(
    'The evaluations "my pairs.bin" and "my-pairs.bin" would have one name',
  );
  const inFolders = ['a/lfw.bin', 'b/lfw.bin'].map((data) => ({ name: data, data }));
  expect(plan({ evaluations: inFolders })).toThrow('Two evaluations are of lfw.bin.');
  expect(plan({ evaluations: [{ name: 'x', data: 'synthetic:ytf' }] })).toThrow('There is no drawn benchmark "ytf".');
  expect(plan({ conditions: [{ name: '', settings: { stopAt: 50 } }] })).toThrow('A condition has no name;');
  expect(plan({ evaluations: named('测试.bin', '验证.bin') })).toThrow('would have one name');
  expect(plan({ primary: 'CFP-FP' })).toThrow('There is no evaluation "CFP-FP"');
  expect(plan({ evaluations: [{ name: 'heldout', data: 'x' }] })).toThrow('named "heldout"');
  expect(plan({ name: '../up' })).toThrow('cannot name a study');
});

test('study.json holds every setting and reads back the same', () => {
  const read = readPlan(bytes(planText(PLAN)));
  expect(read).toEqual({ ...PLAN, faces: undefined });
  expect(JSON.parse(planText(PLAN)).settings).toEqual(DEFAULT_CONFIG);
  const faces = { name: 'cfp96', identities: 96, images: 960, digest: 'abc' };
  expect(readPlan(bytes(planText({ ...PLAN, faces }))).faces).toEqual(faces);
  expect(samePlan(PLAN, { ...PLAN, seeds: [9], faces, version: '2' })).toBe(true);
  const others = [PLAN, { ...PLAN, faces }, { ...PLAN, faces: { ...faces, digest: 'abd' } }];
  expect(others.map((other) => otherFaces({ ...PLAN, faces }, other))).toEqual([false, false, true]);
  expect(samePlan(PLAN, { ...PLAN, config: { ...DEFAULT_CONFIG, steps: 100 } })).toBe(false);
  expect(samePlan(PLAN, { ...PLAN, primary: 'LFW' })).toBe(false);
  const drawnBy = (faceVersion: '1' | '2', faces: 'own' | 'synthetic') => {
    return { ...PLAN, config: { ...DEFAULT_CONFIG, faces, faceVersion } };
  };
  expect(samePlan(drawnBy('1', 'own'), drawnBy('2', 'own'))).toBe(true);
  expect(samePlan(drawnBy('1', 'synthetic'), drawnBy('2', 'synthetic'))).toBe(false);
});

test('a plan written by hand names a preset, the differences, and a range of seeds', () => {
  const file = {
    format: 'craft-playground-study',
    formatVersion: 1,
    name: 'gentle',
    preset: 'gentle',
    settings: { steps: 600 },
    conditions: [{ name: 'blend', settings: { strategy: 'blend' } }],
    seeds: '1-3',
  };
  const read = readPlan(bytes(file));
  expect(read.config).toMatchObject({ weightDecay: 0.0005, steps: 600 });
  expect(read).toMatchObject({ seeds: [1, 2, 3], primary: 'heldout', seedSettings: ['seed'] });
  // A plan that the software wrote before faces had a version is of the first.
  expect(read.config.faceVersion).toBe('2');
  expect(readPlan(bytes({ ...file, version: '0.1.0' })).config.faceVersion).toBe('1');
  expect(() => readPlan(bytes({ ...file, settings: { steps: -1 } }))).toThrow('is expected, not');
  expect(() => readPlan(bytes({ ...file, formatVersion: 2 }))).toThrow('newer version');
  expect(() => readPlan(bytes({ ...file, conditions: 'blend' }))).toThrow('conditions');
  expect(() => readPlan(bytes('seeds: 1'))).toThrow('no study.json');
});

test('a plan of more runs than a study has is refused before they are made', () => {
  const axis = (setting: string) => ({ setting, values: Array.from({ length: 100 }, (_, at) => at + 1) });
  const file = {
    format: 'craft-playground-study',
    formatVersion: 1,
    name: 'wide',
    conditions: [{ name: 'blend', settings: { strategy: 'blend' } }],
    axes: ['splitSeed', 'facesSeed', 'testSeed', 'warmupSteps'].map(axis),
    seeds: '1',
  };
  expect(() => readPlan(bytes(file))).toThrow('runs; a study has at most 10');
  expect(readPlan(bytes({ ...file, axes: [axis('splitSeed')] })).axes[0]?.values).toHaveLength(100);
});

test('runs that were tested on more held-out pairs than the plan has are refused, and files with other pairs', () => {
  const run = { study: 'widths', condition: 'blend', axes: 'filters=16;kernelSize=3', seed: 2, step: 2400 } as const;
  const end = { pairs: 6000, seconds: 1, engine: 'wasm', adapter: '', state: 'done', reason: '' } as const;
  const row = (benchmark: string): ResultRow => ({ ...run, ...end, measure: 'accuracy', benchmark, value: 0.5 });
  const fewer = { ...PLAN, config: { ...DEFAULT_CONFIG, verifyPairs: 2000 } };
  refuseOtherRuns({ ...PLAN, config: { ...DEFAULT_CONFIG, verifyPairs: 6000 } }, [row(HELD_OUT)]);
  expect(() => refuseOtherRuns(fewer, [row('LFW'), row(HELD_OUT)])).toThrow(
    'The run of blend with seed 2 was tested on 6 000 held-out pairs; in this study there are 2 000 at most.',
  );
  refuseOtherTests(PLAN, [row('LFW')], new Map([['LFW', 6000]]));
  expect(() => refuseOtherTests(PLAN, [row('LFW')], new Map([['LFW', 600]]))).toThrow(
    'LFW has 600 pairs; finished runs of this study were tested on 6 000.',
  );
  const varied = { ...PLAN, axes: [axisFromText('verifyPairs=600,6000', DEFAULT_CONFIG)] };
  refuseOtherTests(varied, [row('LFW')], new Map([['LFW', 600]]));
});
