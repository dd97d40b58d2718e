import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Arm, STANDARD } from '../config/arm.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import { FaceNetwork } from '../network/face-network.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { FiltersEvent, RunEvent } from './events.ts';
import { Session } from './session.ts';
import { only, runToEnd, TINY_CONFIG } from './testing/run-events.ts';
import { tinyFaces } from './testing/tiny-faces.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ preference: 'wasm' });
  expect(engine.info.backend).toBe('wasm');
});

/** Every filter falls below this at once, but for the strong half: re-activation has something to do. */
const MANY_DIE = { criterion: 'relativeNorm', rho: 0.9, checkEvery: 25, stopAt: 100 } as const;

const kernelsOf = (events: readonly RunEvent[], arm: string) =>
  only(events, 'filters').filter((event) => event.arm === arm && event.kernel !== undefined);

describe('a run', () => {
  it('starts, compiles, trains every step and finishes', async () => {
    const events = await runToEnd(engine, {});
    const order = events.map(({ type }) => type);
    expect(order[0]).toBe('started');
    expect(order.indexOf('compiling')).toBeGreaterThan(0);
    expect(order.at(-1)).toBe('finished');
    expect(only(events, 'progress').map(({ step, arm }) => `${arm} ${step}`)).toEqual(
      Array.from({ length: 12 }, (_, i) => [`standard ${i + 1}`, `craft ${i + 1}`]).flat(),
    );
    expect(only(events, 'finished')[0]?.outcome).toBe('completed');
  });

  it('takes each step at its own learning rate, and reports that rate', async () => {
    const taken: number[] = [];
    const original = FaceNetwork.prototype.trainStep;
    const spy = vi.spyOn(FaceNetwork.prototype, 'trainStep').mockImplementation(function (
      this: FaceNetwork,
      batch,
      rate,
    ) {
      taken.push(rate);
      original.call(this, batch, rate);
    });
    try {
      const config = { arms: 'standard', learningRate: 0.1, schedule: 'polynomial', warmupSteps: 2, steps: 6 } as const;
      const told = only(await runToEnd(engine, config), 'progress').map(({ learningRate }) => learningRate);
      const expected = [0.05, 0.1, 0.1, 0.075, 0.05, 0.025];
      expect(taken).toHaveLength(6);
      expected.forEach((rate, step) => {
        expect(taken[step]).toBeCloseTo(rate, 9);
        expect(told[step]).toBeCloseTo(rate, 9);
      });
    } finally {
      spy.mockRestore();
    }
  });

  it('learns', async () => {
    const losses = only(await runToEnd(engine, { steps: 60, arms: 'standard', learningRate: 0.05 }), 'progress');
    const mean = (from: number) => losses.slice(from, from + 10).reduce((sum, { loss }) => sum + loss, 0) / 10;
    expect(mean(50)).toBeLessThan(0.6 * mean(0));
  });

  it('measures accuracy on held-out people at the end and on the way', async () => {
    const events = only(await runToEnd(engine, { verifyEvery: 8 }), 'verification');
    expect(events.map(({ step, arm }) => `${arm} ${step}`)).toEqual([
      'standard 8',
      'craft 8',
      'standard 12',
      'craft 12',
    ]);
    // No filter was re-activated yet: the arms are one network twice, and their difference is none.
    const none = { value: 0, low: 0, high: 0, chance: 1, pairs: 20 };
    expect(events.map(({ difference }) => difference)).toEqual([undefined, none, undefined, none]);
    for (const { accuracy, pairs } of events) {
      expect(pairs).toBe(20);
      expect(accuracy).toBeGreaterThan(0.3);
      expect(accuracy).toBeLessThanOrEqual(1);
    }
  });

  it('repeats number for number', async () => {
    const numbers = async () =>
      (await runToEnd(engine, { ...MANY_DIE, flip: true, shift: 2 })).map((event) =>
        event.type === 'progress'
          ? [event.loss, event.accuracy]
          : event.type === 'filters'
            ? [...event.norms]
            : event.type,
      );
    expect(await numbers()).toEqual(await numbers());
  });

  it('keeps tensors and memory flat from step 50 to step 500', async () => {
    const tensors = new Map<number, number>();
    const bytes = new Map<number, number>();
    await runToEnd(engine, { steps: 500, ...MANY_DIE, checkEvery: 1, batchSize: 2 }, (event) => {
      if (event.type !== 'progress') return;
      tensors.set(event.step, memory().numTensors);
      bytes.set(event.step, event.deviceBytes);
    });
    expect(tensors.get(500)).toBe(tensors.get(50));
    expect(bytes.get(500)).toBe(bytes.get(50));
  });
});

describe('two arms', () => {
  it('are bit-identical until the first re-activation, and differ after it', async () => {
    const events = await runToEnd(engine, MANY_DIE);
    const first = only(events, 'reactivation').find(({ filters }) => filters.length > 0);
    expect(first?.step).toBe(3);
    const standard = kernelsOf(events, 'standard');
    const craft = kernelsOf(events, 'craft');
    const at = (list: readonly FiltersEvent[], step: number) =>
      list.filter((event) => event.step === step).at(-1)?.kernel;
    for (const step of [0, 1, 2]) expect(at(craft, step)).toEqual(at(standard, step));
    expect(at(craft, 4)).not.toEqual(at(standard, 4));
  });

  it('stay identical to the end where nothing is inactive', async () => {
    const events = await runToEnd(engine, { epsilon: 0.00001, checkEvery: 25 });
    const losses = (arm: string) =>
      only(events, 'progress')
        .filter((event) => event.arm === arm)
        .map(({ loss }) => loss);
    expect(losses('craft')).toEqual(losses('standard'));
  });

  it('leave no filter inactive right after a check', async () => {
    const events = await runToEnd(engine, MANY_DIE);
    const check = events.findIndex((event) => event.type === 'reactivation' && event.filters.length > 0);
    const after = events.slice(check).find((event) => event.type === 'filters' && event.arm === 'craft');
    expect(after?.type === 'filters' && after.inactiveShare).toBe(0);
  });

  it('become one when CRAFT is switched off in mid-run, and the switch is told', async () => {
    const events = await runToEnd(engine, MANY_DIE, (event, session) => {
      if (event.type === 'progress' && event.step === 4)
        session.applyLiveSettings({ ...TINY_CONFIG, ...MANY_DIE, craft: false });
    });
    expect(only(events, 'craft-switched').map(({ step, enabled }) => [step, enabled])).toEqual([[4, false]]);
    expect(only(events, 'reactivation').map(({ step }) => step)).toEqual([3]);
  });
});

it('trains without timers, which browsers slow down in hidden tabs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame'] });
  try {
    expect((await runToEnd(engine, {})).at(-1)?.type).toBe('finished');
  } finally {
    vi.useRealTimers();
  }
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

describe('the step boundary', () => {
  it('acknowledges a pause, takes single steps, resumes and finishes', async () => {
    const seen: string[] = [];
    let pauses = 0;
    await runToEnd(engine, {}, (event, session) => {
      if (event.type === 'progress' && event.step === 5 && event.arm === 'craft' && pauses === 0) session.gate.pause();
      if (event.type === 'paused') {
        seen.push(`paused ${event.step}`);
        pauses++;
        if (pauses === 1) session.gate.step();
        else session.gate.resume();
      }
      if (event.type === 'resumed' || event.type === 'finished') seen.push(`${event.type} ${event.step}`);
    });
    expect(seen).toEqual(['paused 5', 'paused 6', 'resumed 6', 'finished 12']);
  });

  it('reports the step it paused at, though telemetry was not due', async () => {
    const events = await runToEnd(engine, { telemetryEvery: 100, kernelEvery: 100 }, (event, session) => {
      if (event.type === 'compiling') session.gate.pause();
      if (event.type === 'paused') session.gate.resume();
    });
    expect(only(events, 'paused').map(({ step }) => step)).toEqual([1]);
    expect(kernelsOf(events, 'standard').map(({ step }) => step)).toContain(1);
  });

  it('can be held before the first step and stopped there', async () => {
    const events = await runToEnd(
      engine,
      {},
      (event, session) => {
        if (event.type === 'paused') session.gate.stop();
      },
      true,
    );
    expect(events.map(({ type }) => type).filter((type) => type !== 'filters')).toEqual([
      'started',
      'paused',
      'finished',
    ]);
    expect(only(events, 'finished')[0]?.outcome).toBe('stopped');
  });
});

describe('a checkpoint', () => {
  it('goes on bit for bit: 6 steps and 6 more equal 12', async () => {
    const whole = await runToEnd(engine, { ...MANY_DIE, shift: 1 });
    const config = { ...TINY_CONFIG, ...MANY_DIE, shift: 1 };
    const first = new Session({ runId: 'first', config, faces: tinyFaces(), engine });
    let from: Checkpoint | undefined;
    for await (const event of first.run()) {
      if (event.type === 'progress' && event.step === 6) first.gate.pause();
      if (event.type !== 'paused') continue;
      from = await first.checkpoint();
      first.gate.stop();
    }
    first.dispose();
    expect(from?.step).toBe(6);
    const second = new Session({ runId: 'second', config, faces: tinyFaces(), engine, ...(from ? { from } : {}) });
    const rest: RunEvent[] = [];
    for await (const event of second.run()) rest.push(event);
    second.dispose();
    const numbers = (events: readonly RunEvent[]) =>
      events.flatMap((event) =>
        event.type === 'progress' && event.step > 6 ? [[event.step, event.arm, event.loss]] : [],
      );
    expect(numbers(rest)).toHaveLength(12);
    expect(numbers(rest)).toEqual(numbers(whole));
    expect(kernelsOf(rest, 'craft').at(-1)?.kernel).toEqual(kernelsOf(whole, 'craft').at(-1)?.kernel);
  });
});

describe('checkpoints of a run that trains', () => {
  const config = { ...TINY_CONFIG, ...MANY_DIE, telemetryEvery: 100, kernelEvery: 100 };
  const goOn = async (from: Checkpoint) => {
    const session = new Session({ runId: 'second', config, faces: tinyFaces(), engine, from });
    const events: RunEvent[] = [];
    for await (const event of session.run()) events.push(event);
    session.dispose();
    return kernelsOf(events, 'craft').at(-1)?.kernel;
  };

  it('come at the next step boundary when asked for, however far the next event is', async () => {
    const session = new Session({ runId: 'first', config, faces: tinyFaces(), engine });
    const events: RunEvent[] = [];
    for await (const event of session.run()) {
      events.push(event);
      // No event is due between the check after step 3 and the one after step 6.
      if (event.type === 'reactivation' && event.step === 3) session.gate.ask();
    }
    session.dispose();
    const [taken, ...others] = only(events, 'checkpoint');
    expect([taken?.step, taken?.checkpoint.step, others.length]).toEqual([3, 3, 0]);
    if (taken === undefined) throw new Error('no checkpoint');
    expect(await goOn(taken.checkpoint)).toEqual(kernelsOf(events, 'craft').at(-1)?.kernel);
  });

  it('come unasked where the run rests, once for a step, before the last event', async () => {
    const session = new Session({ runId: 'first', config, faces: tinyFaces(), engine, checkpoints: true });
    const told: string[] = [];
    for await (const event of session.run()) {
      if (event.type === 'reactivation' && event.step === 6) session.gate.pause();
      if (event.type === 'paused') session.gate.step();
      if (event.type === 'checkpoint' && event.step === 7) session.gate.stop();
      if (['paused', 'checkpoint', 'finished'].includes(event.type)) told.push(`${event.type} ${event.step}`);
    }
    session.dispose();
    expect(told).toEqual(['paused 6', 'checkpoint 6', 'paused 7', 'checkpoint 7', 'finished 7']);
  });

  it('cannot be gone on from with an arm that they do not hold', async () => {
    const session = new Session({ runId: 'first', config: { ...config, arms: 'craft' }, faces: tinyFaces(), engine });
    for await (const event of session.run()) if (event.type === 'compiling') session.gate.stop();
    const from = await session.checkpoint();
    session.dispose();
    const second = new Session({ runId: 'second', config, faces: tinyFaces(), engine, from });
    const events: RunEvent[] = [];
    for await (const event of second.run()) events.push(event);
    second.dispose();
    expect(only(events, 'failed')[0]?.failure.code).toBe('bad-config');
  });
});

describe('failures', () => {
  it('stop the run with an explanation when the loss is no longer a number', async () => {
    // Far outside what a config may hold: batch norm keeps any allowed rate finite on faces this small.
    const events = await runToEnd(engine, { learningRate: 1e30, clipNorm: 0 });
    const failure = only(events, 'failed')[0]?.failure;
    expect(failure?.code).toBe('loss-not-finite');
    expect(failure?.hint).toContain('learning rate');
    expect(events.at(-1)?.type).toBe('failed');
  });
});
