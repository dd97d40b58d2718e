import { beforeAll, describe, expect, it } from 'vitest';
import { type Arm, STANDARD } from '../../config/arm.ts';
import { nextTask } from '../../config/next-task.ts';
import { type Engine, openEngine } from '../../network/backend.ts';
import type { Checkpoint } from '../checkpoint.ts';
import type { RunEvent } from '../events.ts';
import { Session } from '../session.ts';
import { linkedPost, linkedThread } from '../testing/linked-thread.ts';
import { MANY_DIE, only, TINY_CONFIG } from '../testing/run-events.ts';
import { tinyFaces } from '../testing/tiny-faces.ts';
import { ArmThread } from './arm-thread.ts';
import type { ArmAnswer, ArmCommand } from './protocol.ts';
import { openOnThreads } from './threaded-arms.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine({ preference: 'wasm' });
  expect(engine.info.backend).toBe('wasm');
});

const linked = (sent?: (command: ArmCommand) => void, change?: (answer: ArmAnswer) => ArmAnswer) =>
  linkedThread(engine, { sent, change });

const CONFIG = { ...TINY_CONFIG, ...MANY_DIE, steps: 50, shift: 1, telemetryEvery: 7, kernelEvery: 7, verifyEvery: 20 };

interface RunOptions {
  readonly threads?: readonly ArmThread[];
  readonly arms?: readonly Arm[];
  readonly from?: Checkpoint | undefined;
  readonly react?: (event: RunEvent, session: Session) => void;
}

async function train({ threads, arms, from, react }: RunOptions = {}): Promise<RunEvent[]> {
  const session = new Session({
    runId: 'run',
    config: CONFIG,
    faces: tinyFaces(),
    engine,
    checkpoints: true,
    ...(threads === undefined ? {} : { openArms: openOnThreads(threads) }),
    ...(arms === undefined ? {} : { arms }),
    ...(from === undefined ? {} : { from }),
  });
  const events: RunEvent[] = [];
  for await (const event of session.run()) {
    events.push(event);
    react?.(event, session);
  }
  session.dispose();
  return events;
}

/** Everything but the clock and the memory. */
const numbersOf = (events: readonly RunEvent[]) =>
  events.map((event) =>
    event.type === 'progress' ? { ...event, stepMs: 0, imagesPerSecond: 0, deviceBytes: 0 } : event,
  );

const weightsOf = (events: readonly RunEvent[]) => only(events, 'checkpoint').at(-1)?.checkpoint.arms;

describe('arms on threads', () => {
  it('give the events of one thread, in their order and bit for bit, over a re-activation', async () => {
    const alone = await train();
    expect(only(alone, 'reactivation').some(({ filters }) => filters.length > 0)).toBe(true);
    expect(only(alone, 'verification')).toHaveLength(6);
    const together = await train({ threads: [linked(), linked()] });
    expect(numbersOf(together)).toEqual(numbersOf(alone));
  });

  it('are shared out where there are more of them than threads', async () => {
    const arms: readonly Arm[] = [
      STANDARD,
      { name: 'wide', settings: { filters: 16, embeddingSize: 8 } },
      { name: 'random', settings: { strategy: 'random' } },
    ];
    const built: string[] = [];
    const thread = (number: number) =>
      linked((command) => {
        if (command.type === 'build') built.push(`${number}: ${command.order.arms.map(({ name }) => name)}`);
      });
    const together = await train({ arms, threads: [thread(1), thread(2)] });
    expect(built).toEqual(['1: standard,random', '2: wide']);
    expect(numbersOf(together)).toEqual(numbersOf(await train({ arms })));
  });

  it('rest at the same step on pause, single step and stop, and resume from there bit for bit', async () => {
    const events: string[] = [];
    const first = await train({
      threads: [linked(), linked()],
      react: (event, session) => {
        if (event.type === 'verification' && event.step === 20) session.gate.pause();
        if (event.type === 'paused') event.step < 22 ? session.gate.step() : session.gate.stop();
        if (['paused', 'checkpoint', 'finished'].includes(event.type)) events.push(`${event.type} ${event.step}`);
      },
    });
    const rests = [20, 21, 22].flatMap((step) => [`checkpoint ${step}`, `paused ${step}`]);
    expect(events).toEqual([...rests, 'finished 22']);
    const from = only(first, 'checkpoint').at(-1)?.checkpoint;
    expect(from?.arms.map(({ name }) => name)).toEqual(['standard', 'craft']);
    const resumed = await train({ threads: [linked(), linked()], from });
    expect(weightsOf(resumed)).toEqual(weightsOf(await train()));
  });

  it('are never more than four steps ahead of the slowest', async () => {
    let [sent, finished, most] = [0, 0, 0];
    const fast = linked((command) => {
      if (command.type !== 'step') return;
      sent++;
      most = Math.max(most, sent - finished);
    });
    // Each answer comes after many turns of the others.
    let last: Promise<void> = Promise.resolve();
    const post = linkedPost(engine, (answer) => {
      last = last.then(async () => {
        for (let turn = 0; turn < 20; turn++) await nextTask();
        if (answer.type === 'stepped') finished++;
        slow.receive(answer);
      });
    });
    const slow: ArmThread = new ArmThread(post);
    await train({ threads: [fast, slow] });
    expect([sent, finished, most]).toEqual([50, 50, 4]);
  });

  it('end the run where one of them fails or is lost, with the reason and no reading after it', async () => {
    const failing = linked(undefined, (answer) =>
      answer.type === 'stepped'
        ? { type: 'failed', failure: { code: 'out-of-memory', message: 'full', hint: 'Try less.' } }
        : answer,
    );
    const failed = await train({ threads: [linked(), failing] });
    expect(only(failed, 'failed')[0]?.failure.code).toBe('out-of-memory');
    expect(only(failed, 'progress')).toEqual([]);

    const mortal = linked();
    const lost = await train({
      threads: [linked(), mortal],
      react: (event) => {
        if (event.type === 'reactivation') mortal.lost('killed');
      },
    });
    expect(only(lost, 'failed')[0]?.failure).toMatchObject({ code: 'worker-lost', technical: 'killed' });
  });

  it('keep the sentence about an arm that a checkpoint lacks', async () => {
    const stop = (event: RunEvent, session: Session) => event.type === 'progress' && session.gate.stop();
    const from = only(await train({ arms: [STANDARD], react: stop }), 'checkpoint').at(-1)?.checkpoint;
    const other: Arm = { name: 'other', settings: {} };
    const events = await train({ arms: [STANDARD, other], from, threads: [linked(), linked()] });
    expect(only(events, 'failed')[0]?.failure).toMatchObject({
      code: 'bad-config',
      message: expect.stringContaining('"other"'),
    });
  });
});
