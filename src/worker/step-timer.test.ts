import { expect, test, vi } from 'vitest';
import { withPreset } from '../config/presets.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { StepTime } from '../config/step-cost.ts';
import { openEngine } from '../network/backend.ts';
import { TINY_CONFIG } from '../training/testing/run-events.ts';
import { tinyFaces } from '../training/testing/tiny-faces.ts';
import type { Message } from './protocol.ts';
import { RunHost } from './run-host.ts';
import { StepTimer } from './step-timer.ts';

const INFO = { backend: 'wasm', adapter: 'SIMD', software: false } as const;
const ENGINE = { info: INFO, setThreads: () => {} };
const LARGER: RunConfig = { ...TINY_CONFIG, filters: 16 };

const rest = async () => {};

/** A memory that holds every entry. */
function remembering(kept = new Map<string, unknown>()) {
  return {
    kept,
    find: async (name: string) => kept.get(name),
    keep: async (name: string, time: StepTime) => void kept.set(name, time),
  };
}

const timesIn = (messages: readonly Message[]) =>
  messages.flatMap((message) => (message.type === 'step-time' ? [message] : []));

test('the lightest first; each is kept and the next visit finds it', async () => {
  await openEngine({ preference: 'wasm' });
  const memory = remembering();
  const messages: Message[] = [];
  await new StepTimer((message) => messages.push(message), { memory, rest }).time(ENGINE, [LARGER, TINY_CONFIG]);
  expect(timesIn(messages).map(({ config }) => config.filters)).toEqual([TINY_CONFIG.filters, 16]);
  expect(memory.kept.size).toBe(2);

  for (const name of memory.kept.keys()) memory.kept.set(name, { ms: 12, whole: true });
  const later: Message[] = [];
  await new StepTimer((message) => later.push(message), { memory, rest }).time(ENGINE, [LARGER]);
  expect(timesIn(later).map(({ time }) => time)).toEqual([{ ms: 12, whole: true }]);
  // A run knows better.
  await new StepTimer(() => {}, { memory }).learn(INFO, LARGER, 15);
  const after: Message[] = [];
  await new StepTimer((message) => after.push(message), { memory, rest }).time(ENGINE, [LARGER]);
  expect(timesIn(after).map(({ time }) => time)).toEqual([{ ms: 15, whole: true }]);
  const elsewhere: Message[] = [];
  const other = { ...ENGINE, info: { ...INFO, adapter: 'another' } };
  await new StepTimer((message) => elsewhere.push(message), { memory, rest }).time(other, [TINY_CONFIG]);
  expect(timesIn(elsewhere).map(({ time }) => time.ms)).not.toEqual([12]);
});

test('on as many threads as a step of the run takes, and remembered as the time of so many', async () => {
  const memory = remembering();
  const asked: number[] = [];
  const engine = { info: { ...INFO, threads: 8, sharesSteps: true }, setThreads: (count: number) => asked.push(count) };
  await new StepTimer(() => {}, { memory, rest }).time(engine, [TINY_CONFIG, { ...TINY_CONFIG, arms: 'craft' }]);
  expect(asked).toEqual([4, 8]);
  expect(memory.kept.size).toBe(2);
});

test('a step too heavy to be tried on a processor is scaled from one of the same body', async () => {
  const configs = [withPreset('paper'), withPreset('insightface')];
  // InsightFace's recipe is at 64 px, the first number of the name.
  const find = async (name: string) => (name.includes('[64,') ? { ms: 11_000, whole: false } : undefined);
  const messages: Message[] = [];
  const memory = { find, keep: async () => {} };
  await new StepTimer((message) => messages.push(message), { memory, rest }).time(ENGINE, configs);
  const [small, large] = timesIn(messages);
  expect(small?.time.ms).toBe(11_000);
  // 3.06 times the pixels, 2 times the channels on one side of the first convolution and on both sides of the others.
  expect((large?.time.ms ?? 0) / 11_000).toBeCloseTo(10.1, 0);
  expect(large?.time.whole).toBe(false);
});

test('a kept time is sent without a rest, and a step that is not known is timed after it, unless that is cut short', async () => {
  await openEngine({ preference: 'wasm' });
  const messages: Message[] = [];
  const sent = () => timesIn(messages).map(({ config }) => config.filters);
  const find = async (name: string) => (name.includes(',24,') ? { ms: 12, whole: true } : undefined);
  const timer = new StepTimer((message) => messages.push(message), {
    memory: { find, keep: async () => {} },
    // Cut short by the page, which stops the timer.
    rest: async (ended) => {
      expect(sent()).toEqual([24]);
      void timer.stop();
      expect(ended.aborted).toBe(true);
    },
  });
  await timer.time(ENGINE, [TINY_CONFIG, { ...TINY_CONFIG, filters: 24 }]);
  expect(sent()).toEqual([24]);
});

test('the rest of three seconds ends early when a run starts', async () => {
  vi.useFakeTimers();
  try {
    const timer = new StepTimer(() => {});
    const timed = timer.time(ENGINE, [TINY_CONFIG]);
    await vi.advanceTimersByTimeAsync(2999);
    expect(vi.getTimerCount()).toBe(1);
    await timer.stop();
    await timed;
    expect(vi.getTimerCount()).toBe(0);
    // A run that starts before the first look for kept times waits for nothing either.
    const again = timer.time(ENGINE, [TINY_CONFIG]);
    const stopped = timer.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    await Promise.all([again, stopped]);
  } finally {
    vi.useRealTimers();
  }
});

test('a run ends the measurement, and none begins while it trains', async () => {
  const messages: Message[] = [];
  const started: Promise<void>[] = [];
  const host: RunHost = new RunHost(
    { facesFor: async () => ({ faces: tinyFaces() }), whileStill: (work) => work() },
    (message) => {
      messages.push(message);
      if (message.type === 'step-time' && started.length === 0)
        started.push(host.start({ type: 'start', runId: 'run', config, paused: false }));
      if (message.type === 'run-event' && message.event.type === 'started') started.push(host.timeSteps(asked));
    },
    (preference) => openEngine({ preference }),
    { rest },
  );
  const config: RunConfig = { ...TINY_CONFIG, backend: 'wasm', steps: 4 };
  const asked = [...Array(20).keys()].map((at): RunConfig => ({ ...config, embeddingSize: 16 * (at + 1) }));
  await host.timeSteps(asked);
  await started[0];
  await started[1];
  expect(started).toHaveLength(2);
  expect(timesIn(messages)).toHaveLength(1);
  await host.timeSteps(asked.slice(0, 1));
  expect(timesIn(messages)).toHaveLength(2);
});
