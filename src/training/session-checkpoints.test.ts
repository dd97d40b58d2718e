import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type Engine, openEngine } from '../network/backend.ts';
import { FaceNetwork } from '../network/face-network.ts';
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

describe('a checkpoint', () => {
  it('resumes bit for bit: 6 steps and 6 more equal 12', async () => {
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
  const resume = async (from: Checkpoint) => {
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
    expect(await resume(taken.checkpoint)).toEqual(kernelsOf(events, 'craft').at(-1)?.kernel);
  });

  it('come unasked before the run says that it rests, once for a step, and before the last event', async () => {
    const session = new Session({ runId: 'first', config, faces: tinyFaces(), engine, checkpoints: true });
    const events: string[] = [];
    for await (const event of session.run()) {
      if (event.type === 'reactivation' && event.step === 6) session.gate.pause();
      if (event.type === 'paused') event.step < 7 ? session.gate.step() : session.gate.stop();
      if (['paused', 'checkpoint', 'finished'].includes(event.type)) events.push(`${event.type} ${event.step}`);
    }
    session.dispose();
    expect(events).toEqual(['checkpoint 6', 'paused 6', 'checkpoint 7', 'paused 7', 'finished 7']);
  });

  it('are not taken of a run that failed in the middle of a step, whose arms differ in their steps', async () => {
    const { trainStep } = FaceNetwork.prototype;
    let calls = 0;
    const spy = vi.spyOn(FaceNetwork.prototype, 'trainStep').mockImplementation(function (this: FaceNetwork, ...given) {
      // The third step of the second arm.
      if (++calls === 6) throw new Error('a kernel failed');
      trainStep.apply(this, given);
    });
    const session = new Session({ runId: 'first', config, faces: tinyFaces(), engine });
    const events: RunEvent[] = [];
    for await (const event of session.run()) events.push(event);
    expect(only(events, 'failed')[0]).toMatchObject({ step: 2, failure: { technical: 'a kernel failed' } });
    await expect(session.checkpoint()).rejects.toThrow('a kernel failed');
    session.dispose();
    spy.mockRestore();
  });

  it('cannot be resumed with an arm that they do not hold', async () => {
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
