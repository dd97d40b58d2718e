import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { faceAt } from '../faces/face-set.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { foldAccuracy } from '../verification/folds.ts';
import { trainingData } from './data.ts';
import type { FiltersEvent, RunEvent } from './events.ts';
import { Session } from './session.ts';
import { kernelsOf, MANY_DIE, only, runToEnd, TINY_CONFIG } from './testing/run-events.ts';
import { tinyFaces } from './testing/tiny-faces.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ preference: 'wasm' });
  expect(engine.info.backend).toBe('wasm');
});

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

  it('says how many of its pairs are different where two photos a person make too few', async () => {
    const startOf = async (images: number) => {
      const session = new Session({ runId: 'pairs', config: TINY_CONFIG, faces: tinyFaces(12, images), engine });
      const { value } = await session.run().next();
      session.dispose();
      return value;
    };
    expect(await startOf(2)).toMatchObject({ type: 'started', data: { pairs: 20, distinct: 6 } });
    expect((await startOf(6))?.data).toEqual({ identities: 10, images: 60, pairs: 20 });
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
      const rates = only(await runToEnd(engine, config), 'progress').map(({ learningRate }) => learningRate);
      const expected = [0.05, 0.1, 0.1, 0.075, 0.05, 0.025];
      expect(taken).toHaveLength(6);
      expected.forEach((rate, step) => {
        expect(taken[step]).toBeCloseTo(rate, 9);
        expect(rates[step]).toBeCloseTo(rate, 9);
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
    // At the end each pair has its score.
    expect(events.map(({ scores }) => scores?.distances.length)).toEqual([undefined, undefined, 20, 20]);
    for (const { accuracy, scores } of events.slice(2)) {
      if (scores === undefined) throw new Error('There are no scores.');
      const { left, right } = scores.identities;
      expect(left.map((person, pair) => Number(person === right[pair]))).toEqual(Int32Array.from(scores.same));
      expect(foldAccuracy(scores.distances, scores.same).accuracy).toBe(accuracy);
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

  it('become one when CRAFT is switched off in mid-run, and the switch is an event', async () => {
    const events = await runToEnd(engine, MANY_DIE, (event, session) => {
      if (event.type === 'progress' && event.step === 4)
        session.applyLiveSettings({ ...TINY_CONFIG, ...MANY_DIE, craft: false });
    });
    expect(only(events, 'craft-switched').map(({ step, enabled }) => [step, enabled])).toEqual([[4, false]]);
    expect(only(events, 'reactivation').map(({ step }) => step)).toEqual([3]);
  });
});

it('waits for no more faces than the next batch or test needs, and trains as if all had been there', async () => {
  const faces = tinyFaces();
  const later = { ...faces, images: new Uint8Array(faces.images.length) };
  const asked: number[] = [];
  const ready = async (images: Int32Array) => {
    asked.push(images.length);
    for (const image of images) faceAt(later, image).set(faceAt(faces, image));
  };
  const config = { ...TINY_CONFIG, ...MANY_DIE, steps: 4, verifyEvery: 2 };
  const session = new Session({ runId: 'test', config, faces: later, ready, engine });
  const events: RunEvent[] = [];
  for await (const event of session.run()) events.push(event);
  session.dispose();
  const { pairs } = trainingData(faces, config);
  const tested = new Set([...pairs.left, ...pairs.right]).size;
  expect(asked).toEqual([8, 8, tested, 8, 8, tested]);
  const whole = await runToEnd(engine, { ...MANY_DIE, steps: 4, verifyEvery: 2 });
  expect(kernelsOf(events, 'craft').at(-1)).toEqual({ ...kernelsOf(whole, 'craft').at(-1) });
  expect(only(events, 'verification')).toEqual(only(whole, 'verification'));
});

it('that is stopped while it waits for faces ends as stopped, though they never come', async () => {
  const session: Session = new Session({
    runId: 'test',
    config: TINY_CONFIG,
    faces: tinyFaces(),
    ready: async () => {
      session.gate.stop();
      throw new Error('Other faces are drawn now.');
    },
    engine,
  });
  const events: RunEvent[] = [];
  for await (const event of session.run()) events.push(event);
  session.dispose();
  expect(only(events, 'finished')).toMatchObject([{ step: 0, outcome: 'stopped' }]);
  expect(only(events, 'failed')).toEqual([]);
});

it('trains without timers, which browsers slow down in hidden tabs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame'] });
  try {
    expect((await runToEnd(engine, {})).at(-1)?.type).toBe('finished');
  } finally {
    vi.useRealTimers();
  }
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

describe('failures', () => {
  it('stop the run with an explanation when the loss is no longer a number', async () => {
    // Far outside the range of a config: batch norm keeps any allowed rate finite on faces this small.
    const events = await runToEnd(engine, { learningRate: 1e30, clipNorm: 0 });
    const failure = only(events, 'failed')[0]?.failure;
    expect(failure?.code).toBe('loss-not-finite');
    expect(failure?.hint).toContain('learning rate');
    expect(events.at(-1)?.type).toBe('failed');
  });
});
