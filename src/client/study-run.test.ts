import { expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { readScoresFile } from '../study/cell-scores.ts';
import { conditionFromText, type StudyPlan } from '../study/plan.ts';
import { readPlan } from '../study/plan-file.ts';
import { StudyPool } from './study-pool.ts';
import { StudyRun } from './study-run.ts';
import type { CellResult } from './study-shelf.ts';
import { keptRuns } from './testing/kept-runs.ts';
import { ScriptedClient } from './testing/scripted-client.ts';

const CONFIG = { ...DEFAULT_CONFIG, steps: 10, telemetryEvery: 1, verifyEvery: 0, arms: 'both' } as const;
const PLAN: StudyPlan = {
  name: 'study',
  config: CONFIG,
  // The scripted client knows the arms of the Train screen.
  conditions: [conditionFromText('craft', CONFIG)],
  axes: [],
  seeds: [1, 2],
  seedSettings: ['seed'],
  evaluations: [],
  primary: 'heldout',
  version: '0',
};

type Test = NonNullable<ConstructorParameters<typeof StudyRun>[0]['test']>;

/** A study without other tests asks for none. */
const never: Test = async () => expect.fail('nothing is tested');

/** A study of two seeds, on one client. */
function studyOf(results?: ReadonlyMap<string, CellResult>, plan: StudyPlan = PLAN, test: Test = never) {
  const client = new ScriptedClient();
  const stored = new Map<string, CellResult>();
  const plans: string[] = [];
  const forgotten: string[] = [];
  const log: string[] = [];
  const study = new StudyRun({
    study: { id: 's', startedAt: 5 },
    plan,
    test,
    ...(results === undefined ? {} : { results }),
    storage: {
      keep: async ({ plan }) => {
        plans.push(plan);
        log.push('plan');
      },
      keepCell: async (_, cellId, result) => void stored.set(cellId, result),
      removeCell: async (_, cellId) => void stored.delete(cellId),
    },
    forget: async (runId) => void forgotten.push(runId),
    pool: (calls) =>
      new StudyPool({
        ...calls,
        hire: () => client,
        keeping: keptRuns().keeping,
        load: async (runId) => {
          log.push(runId);
          return undefined;
        },
        side: () => 1,
      }),
    refused: () => expect.fail('nothing is refused'),
    changed: () => {},
  });
  const states = () => study.cells.map(({ cell, phase }) => `${cell.id} ${phase}`);
  /** Waits until the next run is with the client, and trains it. */
  let starts = 0;
  const train = async (steps: number) => {
    starts++;
    await vi.waitFor(() => expect(client.posted.filter(({ type }) => type === 'start')).toHaveLength(starts));
    client.advance(steps);
  };
  return { study, client, stored, plans, forgotten, log, states, train };
}

test('the plan is written before the first run; seeds are trained one by one, and each result is kept', async () => {
  const { study, stored, plans, log, states, train } = studyOf();
  expect(study.phase).toBe('resting');
  await study.start();
  await train(10);
  expect(log.slice(0, 2)).toEqual(['plan', 's-1-standard']);
  expect(readPlan(new TextEncoder().encode(plans[0]))).toEqual(PLAN);
  expect(states()).toEqual(['1-standard done', '1-craft running', '2-standard queued', '2-craft queued']);
  await train(10);
  await train(10);
  await train(10);
  expect(study.phase).toBe('finished');
  expect([...stored.keys()]).toEqual(['1-standard', '1-craft', '2-standard', '2-craft']);
  const rows = stored.get('1-craft')?.rows ?? [];
  // Last: a file that is cut short holds no finished run.
  expect(rows.at(-1)).toMatchObject({
    condition: 'craft',
    seed: 1,
    measure: 'run',
    step: 10,
    value: 10,
    state: 'done',
  });
  expect(rows.find(({ measure }) => measure === 'accuracy')).toMatchObject({
    step: 10,
    benchmark: 'heldout',
    pairs: 2000,
  });
  expect(rows.every(({ seconds }) => seconds >= 0)).toBe(true);
  expect(stored.get('1-craft')?.layer?.shape).toEqual([3, 3, 3, 32]);
});

test('cells that an earlier visit finished are not trained again', async () => {
  const first = studyOf();
  await first.study.start();
  await first.train(10);
  const { study, client, states, train } = studyOf(first.stored);
  expect(study.phase).toBe('resting');
  expect(states()[0]).toBe('1-standard done');
  study.resume();
  await train(10);
  expect(client.posted.find((command) => command.type === 'start')).toMatchObject({ runId: 's-1-craft' });
  expect(states()[1]).toBe('1-craft done');
});

test('a cell that fails says why and makes room; a retry trains it from its first step', async () => {
  const { study, client, states, forgotten, train } = studyOf();
  await study.start();
  await train(3);
  client.fail({ code: 'loss-not-finite', message: 'The loss is no longer a number.', hint: '' });
  const [failed] = study.cells;
  expect(failed).toMatchObject({ phase: 'failed', reason: 'The loss is no longer a number.', step: 3 });
  await train(10);
  if (failed !== undefined) await study.retry(failed.cell);
  expect(forgotten).toEqual(['s-1-standard']);
  expect(states().slice(0, 2)).toEqual(['1-standard queued', '1-craft done']);
  await train(10);
  await train(10);
  expect(states().slice(0, 3)).toEqual(['1-standard done', '1-craft done', '2-standard done']);
});

test('a cell that is skipped is failed by name, and a retry resumes it', async () => {
  const { study, states, forgotten, train } = studyOf();
  await study.start();
  await train(4);
  const [first] = study.cells;
  if (first !== undefined) study.skip(first.cell);
  expect(study.cells[0]).toMatchObject({ phase: 'failed', reason: 'Skipped.', step: 4 });
  await train(10);
  expect(states()[1]).toBe('1-craft done');
  if (first !== undefined) await study.retry(first.cell);
  expect(forgotten).toEqual([]);
});

test('seeds are added behind those of the plan, also to a study that has finished', async () => {
  const { study, plans, states, train } = studyOf();
  await study.start();
  for (let run = 0; run < 4; run++) await train(10);
  expect(study.phase).toBe('finished');
  await study.addSeeds('2-3');
  expect(readPlan(new TextEncoder().encode(plans.at(-1))).seeds).toEqual([1, 2, 3]);
  expect(states().slice(-2)).toEqual(['3-standard queued', '3-craft queued']);
  await expect(study.addSeeds('x')).rejects.toMatchObject({ code: 'bad-plan' });
});

test('a trained network is tested while the next run trains; a test that fails is made again, without training', async () => {
  const plan = { ...PLAN, evaluations: [{ name: 'LFW', data: 'lfw.bin' }], primary: 'LFW' };
  const orders: { readonly step: number; readonly backend: string }[] = [];
  const answers: ((value: number | Error) => void)[] = [];
  const scores = { distances: Float64Array.of(0.5, 1.5), same: Uint8Array.of(1, 0) };
  const { study, client, stored, states, forgotten, train } = studyOf(undefined, plan, (order) => {
    orders.push({ step: order.checkpoint.step, backend: order.backend });
    return new Promise((resolve, reject) =>
      answers.push((value) => {
        if (value instanceof Error) reject(value);
        else resolve([{ measure: 'accuracy', benchmark: 'LFW', value, pairs: 600, scores }]);
      }),
    );
  });
  await study.start();
  await train(9);
  client.takeCheckpoint();
  client.advance(1);
  expect(orders).toEqual([{ step: 9, backend: 'webgpu' }]);
  await train(2);
  expect(states().slice(0, 2)).toEqual(['1-standard running', '1-craft running']);
  expect(study.cells[0]).toMatchObject({ step: 10, result: undefined });
  answers[0]?.(0.7);
  await vi.waitFor(() => expect(states()[0]).toBe('1-standard done'));
  expect(stored.get('1-standard')?.rows.find(({ benchmark }) => benchmark === 'LFW')).toMatchObject({
    measure: 'accuracy',
    value: 0.7,
    pairs: 600,
    step: 10,
  });
  expect(stored.get('1-standard')?.rows.every((row) => !('scores' in row))).toBe(true);
  expect(readScoresFile(stored.get('1-standard')?.scores ?? new Uint8Array(0), 'LFW')).toEqual(scores);
  client.takeCheckpoint();
  client.advance(8);
  answers[1]?.(new Error('lfw.bin is not here'));
  await vi.waitFor(() => expect(states()[1]).toBe('1-craft failed'));
  expect(study.cells[1]?.reason).toBe('Trained, but not tested: lfw.bin is not here');
  const failed = study.cells[1];
  if (failed !== undefined) await study.retry(failed.cell);
  expect(forgotten).toEqual([]);
});
