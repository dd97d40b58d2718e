import { expect, it, vi } from 'vitest';
import type { RunConfig } from '../config/run-config.ts';
import { openEngine } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { linkedPost, linkedThread } from '../training/testing/linked-thread.ts';
import { TINY_CONFIG } from '../training/testing/run-events.ts';
import { tinyFaces } from '../training/testing/tiny-faces.ts';
import { ArmPool } from './arm-pool.ts';
import type { Message } from './protocol.ts';
import { RunHost } from './run-host.ts';
import { buffersOf, transferables } from './transferables.ts';

const CONFIG: RunConfig = {
  ...TINY_CONFIG,
  backend: 'wasm',
  steps: 8,
  telemetryEvery: 100,
  criterion: 'relativeNorm',
  rho: 0.9,
  checkEvery: 25,
  stopAt: 100,
};

/** A host on WebAssembly; `react` sees each message as it is posted. */
function hosted(react: (message: Message, host: RunHost) => void = () => {}, pool?: ArmPool) {
  const messages: Message[] = [];
  const post = (message: Message) => {
    messages.push(message);
    react(message, host);
  };
  const host: RunHost = new RunHost(
    { facesFor: async () => ({ faces: tinyFaces() }), whileStill: (work) => work() },
    post,
    (preference) => openEngine({ preference }),
    pool === undefined ? {} : { pool },
  );
  return { host, messages };
}

const checkpointsIn = (messages: readonly Message[]) =>
  messages.flatMap((message) => (message.type === 'checkpoint' ? [message] : []));
const lastWeights = (messages: readonly Message[]) =>
  checkpointsIn(messages)
    .at(-1)
    ?.checkpoint.arms.map(({ state }) => state);
const isEvent = (message: Message, type: string, step: number) =>
  message.type === 'run-event' && message.event.type === type && message.event.step === step;

it('answers every request in mid-run with the id it came with, and the run continues', async () => {
  const { host, messages } = hosted((message, host) => {
    if (!isEvent(message, 'reactivation', 2)) return;
    void host.answerWithCheckpoint('a');
    void host.answerWithCheckpoint('b');
  });
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  const taken = checkpointsIn(messages).map(({ requestId, checkpoint }) => `${requestId} ${checkpoint.step}`);
  expect(taken.sort()).toEqual(['a 2', 'b 2', 'undefined 8']);
  expect(messages.some((message) => isEvent(message, 'finished', 8))).toBe(true);
});

it('takes Pause also while the run is prepared, and is stopped where it is held', async () => {
  const pauses: number[] = [];
  const { host, messages } = hosted((message, host) => {
    if (message.type !== 'run-event' || message.event.type !== 'paused') return;
    pauses.push(message.event.step);
    if (pauses.length === 1) host.step();
    else host.stop();
  });
  const ended = host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  host.pause();
  await ended;
  expect(pauses).toEqual([0, 1]);
  expect(messages.some((message) => isEvent(message, 'finished', 1))).toBe(true);
});

it('sends a second copy of each checkpoint, which can move on to storage and leaves the first', async () => {
  const { host, messages } = hosted();
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  const message = checkpointsIn(messages)[0] ?? expect.fail('no checkpoint');
  expect(message.spare).toEqual(message.checkpoint);
  expect(new Set(transferables(message)).size).toBe(2 * buffersOf(message.checkpoint).length);
});

it('resumes from a checkpoint under the same name as if nothing had happened', async () => {
  let from: Checkpoint | undefined;
  const whole = hosted((message, host) => {
    if (isEvent(message, 'reactivation', 4)) void host.answerWithCheckpoint('half');
    if (message.type === 'checkpoint' && message.requestId === 'half') from = message.checkpoint;
  });
  await whole.host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  expect(from?.step).toBe(4);
  const rest = hosted();
  await rest.host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false, ...(from ? { from } : {}) });
  expect(lastWeights(rest.messages)).toEqual(lastWeights(whole.messages));
  expect(rest.messages.some((message) => isEvent(message, 'started', 4))).toBe(true);
});

it('opens the engine anew for the kernel variants of a resumed run, and again for a run without', async () => {
  const opened: unknown[] = [];
  const open = (backend: RunConfig['backend'], variants?: unknown) => {
    opened.push([backend, variants]);
    return openEngine({ preference: backend });
  };
  const host = new RunHost(
    { facesFor: async () => ({ faces: tinyFaces() }), whileStill: (work) => work() },
    () => {},
    open,
  );
  const start = { type: 'start', runId: 'run', config: { ...CONFIG, steps: 1 }, paused: false } as const;
  const engine = { backend: 'wasm', variants: { convolution: 'many' } } as const;
  await host.probe('wasm', 2);
  await host.start(start);
  await host.start({ ...start, engine });
  await host.start({ ...start, engine: { ...engine, variants: { convolution: 'many' } } });
  await host.start(start);
  expect(opened).toEqual([
    ['wasm', undefined],
    ['wasm', { convolution: 'many' }],
    ['wasm', undefined],
  ]);
});

it('answers after the end too', async () => {
  const { host, messages } = hosted();
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  const last = lastWeights(messages);
  await host.answerWithCheckpoint('late');
  expect(checkpointsIn(messages).map(({ requestId, checkpoint }) => `${requestId} ${checkpoint.step}`)).toEqual([
    'undefined 8',
    'late 8',
  ]);
  expect(lastWeights(messages)).toEqual(last);
});

it('says why where there is no run', async () => {
  const { host, messages } = hosted();
  await host.answerWithCheckpoint('early');
  expect(messages).toEqual([
    { type: 'checkpoint-failed', requestId: 'early', failure: expect.objectContaining({ code: 'no-run' }) },
  ]);
});

/** Threads in name alone, as `linkedThread` has them; the first `lost` of them are refused. */
async function poolOf(cores: number, lost = 0) {
  const engine = await openEngine({ preference: 'wasm' });
  let started = 0;
  const pool = new ArmPool(cores, (thread) => {
    if (started++ >= lost) return linkedPost(engine, (answer) => thread().receive(answer));
    return () => thread().lost('blocked');
  });
  return { pool, started: () => started };
}

const threadsIn = (messages: readonly Message[]) =>
  messages.flatMap((message) =>
    message.type === 'engine'
      ? [`may ${message.engine.threads}`]
      : message.type === 'run-event' && message.event.type === 'started'
        ? [`does ${message.event.engine.threads}`]
        : [],
  );

it('trains each arm on a thread of its own where there are cores, which stay for the next run', async () => {
  const alone = hosted();
  await alone.host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  const { pool, started } = await poolOf(8);
  const { host, messages } = hosted(() => {}, pool);
  await host.probe('wasm', 2);
  expect(started()).toBe(2);
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  expect(lastWeights(messages)).toEqual(lastWeights(alone.messages));
  await host.heard();
  await host.start({ type: 'start', runId: 'next', config: { ...CONFIG, arms: 'craft' }, paused: false });
  await host.start({ type: 'start', runId: 'last', config: CONFIG, paused: false });
  expect(lastWeights(messages)).toEqual(lastWeights(alone.messages));
  expect(started()).toBe(2);
  expect(threadsIn(messages)).toEqual(['may 8', 'may 8', 'does 2', 'may 8', 'does 1', 'may 8', 'does 2']);
});

it('trains on its own thread where the browser refuses others', async () => {
  const { pool } = await poolOf(8, 1);
  const { host, messages } = hosted(() => {}, pool);
  await host.probe('wasm', 2);
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  expect(threadsIn(messages)).toEqual(['may 8', 'may 1', 'does 1']);
  expect(messages.some((message) => isEvent(message, 'finished', 8))).toBe(true);
});

it('is not heard from while a thread hangs', async () => {
  const engine = await openEngine({ preference: 'wasm' });
  let hangs = false;
  const pool = new ArmPool(2, (thread) => linkedPost(engine, (answer) => hangs || thread().receive(answer)));
  const { host } = hosted(() => {}, pool);
  await host.start({ type: 'start', runId: 'run', config: CONFIG, paused: false });
  const heard = vi.fn();
  hangs = true;
  void host.heard().then(heard);
  // Another thread's answer comes later than that of one that does not hang.
  await linkedThread(engine).ask({ type: 'ping' }, 'pong');
  expect(heard).not.toHaveBeenCalled();
});
