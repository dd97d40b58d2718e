import { beforeAll, describe, expect, it } from 'vitest';
import { type Arm, STANDARD } from '../config/arm.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { RunEvent } from './events.ts';
import { Session } from './session.ts';
import { kernelsOf, MANY_DIE, only, runToEnd, TINY_CONFIG } from './testing/run-events.ts';
import { tinyFaces } from './testing/tiny-faces.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ preference: 'wasm' });
  expect(engine.info.backend).toBe('wasm');
});

describe('any arms', () => {
  const ARMS: readonly Arm[] = [
    STANDARD,
    { name: 'random', settings: { strategy: 'random' } },
    { name: 'late', settings: { checkEvery: 50 } },
    { name: 'gentle', settings: { craft: false, weightDecay: 0 } },
    { name: 'wide', settings: { filters: 16, kernelSize: '5' } },
    { name: 'no-norm-decay', settings: { craft: false, decayBatchNorm: false } },
    { name: 'relaxed', settings: { craft: false, weightDecaySchedule: 'change', laterDecayFrom: 50 } },
    { name: 'drops', settings: { craft: false, schedule: 'step', dropsAt: '75' } },
    { name: 'dropout', settings: { craft: false, dropout: 0.5 } },
  ];
  const train = () => runToEnd(engine, MANY_DIE, undefined, false, ARMS);

  it('each differ from Standard from the step on at which their own setting takes effect', async () => {
    const events = await train();
    expect(
      only(events, 'started')[0]?.arms.map(({ name, kernelShape }) => [name, kernelShape[0], kernelShape[3]]),
    ).toEqual([
      ['standard', 3, 8],
      ['random', 3, 8],
      ['late', 3, 8],
      ['gentle', 3, 8],
      ['wide', 5, 16],
      ...ARMS.slice(5).map(({ name }) => [name, 3, 8]),
    ]);
    const losses = (arm: string) =>
      only(events, 'progress')
        .filter((event) => event.arm === arm)
        .map(({ loss }) => loss);
    const standard = losses('standard');
    // The loss of step n is that of the weights after n - 1 steps.
    const firstOther = (arm: string) => losses(arm).findIndex((loss, at) => loss !== standard[at]) + 1;
    expect(['random', 'late', 'gentle', 'wide'].map(firstOther)).toEqual([4, 7, 2, 1]);
    expect(['no-norm-decay', 'relaxed', 'dropout'].map(firstOther)).toEqual([2, 8, 1]);
    const rates = only(events, 'progress').filter(({ arm }) => arm === 'drops');
    expect(rates.map(({ learningRate }) => learningRate)).toEqual([
      ...[0.05, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
      ...[9, 10, 11].map(() => 0.1 * 0.1),
    ]);
    const checks = only(events, 'reactivation').map(({ arm, step, strategy }) => `${arm} ${step} ${strategy}`);
    expect(checks.filter((check) => !check.startsWith('wide'))).toEqual([
      ...['random 3 random', 'random 6 random', 'late 6 blend', 'random 9 random'],
    ]);
    expect(kernelsOf(events, 'wide').at(-1)?.kernel).toHaveLength(5 * 5 * 3 * 16);
    expect(
      only(events, 'filters')
        .filter(({ arm }) => arm === 'wide')
        .at(-1)?.norms,
    ).toHaveLength(16);
  });

  it('train as they would alone', async () => {
    const together = kernelsOf(await train(), 'late').at(-1)?.kernel;
    const alone = await runToEnd(engine, MANY_DIE, undefined, false, ARMS.slice(2, 3));
    expect(kernelsOf(alone, 'late').at(-1)?.kernel).toEqual(together);
  });

  it('resume from a checkpoint that holds them', async () => {
    const whole = await train();
    const config = { ...TINY_CONFIG, ...MANY_DIE };
    const first = new Session({ runId: 'first', config, arms: ARMS, faces: tinyFaces(), engine });
    let from: Checkpoint | undefined;
    for await (const event of first.run()) {
      if (event.type === 'reactivation' && event.step === 6) first.gate.ask();
      if (event.type === 'checkpoint') from = event.checkpoint;
    }
    first.dispose();
    expect(from?.arms.map(({ name, settings }) => ({ name, settings }))).toEqual(ARMS);
    const second = new Session({ runId: 'second', config, faces: tinyFaces(), engine, ...(from ? { from } : {}) });
    const rest: RunEvent[] = [];
    for await (const event of second.run()) rest.push(event);
    second.dispose();
    for (const { name } of ARMS) {
      expect(kernelsOf(rest, name).at(-1)?.kernel).toEqual(kernelsOf(whole, name).at(-1)?.kernel);
    }
  });

  it('that cannot be those of one run end it with a sentence, before anything is built', async () => {
    const events = await runToEnd(engine, {}, undefined, false, [{ name: 'other', settings: { seed: 2 } }]);
    expect(events.map(({ type }) => type)).toEqual(['failed']);
    expect(only(events, 'failed')[0]?.failure).toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('share it'),
    });
  });
});
