import { describe, expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { TINY_CONFIG } from '../training/testing/run-events.ts';
import { PageRun } from './page-run.ts';
import { RunRecord } from './run-record.ts';
import { HostedClient } from './testing/hosted-client.ts';
import { keptRuns } from './testing/kept-runs.ts';
import { ScriptedClient } from './testing/scripted-client.ts';

const SHORT: RunConfig = { ...DEFAULT_CONFIG, steps: 200, verifyEvery: 50 };
const LOST = { code: 'device-lost', message: 'The graphics card stopped answering.', hint: '' } as const;

function scripted(config = SHORT) {
  const client = new ScriptedClient();
  const kept = keptRuns();
  const record = new RunRecord('one', config);
  const run = new PageRun({ client, record, keeping: kept.keeping });
  const starts = () => client.posted.flatMap((command) => (command.type === 'start' ? [command] : []));
  return { client, record, run, starts, ...kept };
}

/** The writes of the run, by step and end. */
const writtenOf = (written: ReturnType<typeof keptRuns>['written']) =>
  written.map(({ run, checkpoint }) => [run.step, run.end, checkpoint?.step]);

describe('side by side', () => {
  const config: RunConfig = { ...TINY_CONFIG, backend: 'wasm', steps: 6, criterion: 'relativeNorm', rho: 0.9 };

  /** A run on a client of its own, to its end. */
  function trained(runId: string, seed: number, kept = keptRuns()) {
    const client = new HostedClient();
    const record = new RunRecord(runId, { ...config, seed });
    const run = new PageRun({
      client,
      record,
      keeping: kept.keeping,
      changed: () => record.alive || end(),
    });
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    run.start(false);
    return { run, record, ended, client };
  }

  test('two runs train at the same time, and each ends as it does alone', async () => {
    const alone = [trained('a', 1)];
    await alone[0]?.ended;
    alone.push(trained('b', 2));
    await alone[1]?.ended;
    const kept = keptRuns();
    const [a, b] = [trained('a', 1, kept), trained('b', 2, kept)];
    const order: string[] = [];
    for (const { client } of [a, b]) {
      client.subscribe((message) => {
        if (message.type === 'run-event' && message.event.type === 'progress') order.push(message.event.runId);
      });
    }
    await Promise.all([a.ended, b.ended]);
    expect([a.record.failure, b.record.failure]).toEqual([undefined, undefined]);
    const half = order.length / 2;
    expect(new Set(order.slice(0, half))).toEqual(new Set(['a', 'b']));
    for (const [place, side] of [a, b].entries()) {
      const [one, other] = [await side.run.checkpoint(), await alone[place]?.run.checkpoint()];
      expect(one.step).toBe(6);
      expect(one.arms.length).toBe(2);
      expect(one.arms).toEqual(other?.arms);
      expect(side.record.arms.craft?.loss.steps).toEqual(alone[place]?.record.arms.craft?.loss.steps);
    }
    await vi.waitFor(() =>
      expect(new Set(writtenOf(kept.written).map(String))).toEqual(
        new Set(['6,completed,6', '6,open,6', '6,completed,']),
      ),
    );
    expect(new Set(kept.written.map(({ run }) => run.runId))).toEqual(new Set(['a', 'b']));
    expect(kept.held).toEqual(new Set(['a', 'b']));
  });
});

describe('a checkpoint', () => {
  test('is of the next step boundary, with the readings up to it', async () => {
    const { client, run } = scripted();
    run.start(false);
    client.advance(30);
    const { checkpoint, history } = await run.snapshot();
    client.advance(30);
    expect(checkpoint.step).toBe(30);
    expect(history.arms.craft?.loss.steps.at(-1)).toBe(30);
  });

  test('of a run that failed is its last one, and there is none before its first', async () => {
    const { client, run } = scripted();
    run.start(false);
    client.advance(10);
    const failure = { code: 'internal', message: 'No.', hint: 'Again.' } as const;
    client.fail(failure);
    expect(run.savable).toBe(false);
    await expect(run.checkpoint()).rejects.toMatchObject({ code: 'gone', hint: 'Start it again.' });
    const other = scripted();
    other.run.start(false);
    other.client.advance(20);
    other.client.takeCheckpoint();
    other.client.advance(10);
    other.client.fail(failure);
    expect(other.run.savable).toBe(true);
    expect((await other.run.checkpoint()).step).toBe(20);
  });

  test('is the last one where the worker is lost before it answers, and else says why there is none', async () => {
    const { client, run, record } = scripted();
    run.start(false);
    client.advance(20);
    const post = client.post.bind(client);
    client.post = (command) => {
      if (command.type !== 'request-checkpoint') post(command);
    };
    const none = run.checkpoint();
    client.emit({ type: 'engine-failed', failure: LOST });
    await expect(none).rejects.toMatchObject({ message: LOST.message });
    client.advance(20);
    client.takeCheckpoint();
    const asked = run.checkpoint();
    client.emit({ type: 'engine-failed', failure: LOST });
    expect((await asked).step).toBe(record.step);
  });
});

describe('the wish to pause', () => {
  test('outlives the loss of the worker, also while the run waits for a fresh one', () => {
    vi.useFakeTimers();
    const { client, run, starts } = scripted();
    run.start(false);
    client.advance(10);
    client.takeCheckpoint();
    client.fail(LOST);
    client.fail(LOST);
    // The second try waits a second.
    expect(starts()).toHaveLength(2);
    run.pause();
    expect(run.pausing).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(starts().map(({ paused }) => paused)).toEqual([false, false, true]);
    expect([run.pausing, run.record.phase]).toEqual([false, 'paused']);
    vi.useRealTimers();
  });

  test('is over once the run was resumed, acknowledged or not', () => {
    const { client, run, starts } = scripted();
    run.start(false);
    client.advance(10);
    run.pause();
    client.post({ type: 'pause' });
    const post = client.post.bind(client);
    client.post = (command) => {
      if (command.type !== 'resume') post(command);
    };
    run.resume();
    client.fail(LOST);
    expect(starts().at(-1)?.paused).toBe(false);
  });
});

describe('keeping', () => {
  test('writes each checkpoint, and how the run ended', async () => {
    const { client, run, written, held } = scripted();
    run.start(false);
    client.advance(100);
    client.takeCheckpoint();
    await vi.waitFor(() => expect(written).toHaveLength(1));
    client.advance(100);
    await vi.waitFor(() => expect(written).toHaveLength(2));
    expect(writtenOf(written)).toEqual([
      [100, 'open', 100],
      [100, 'completed', undefined],
    ]);
    expect(held).toEqual(new Set(['one']));
    run.leave();
    await vi.waitFor(() => expect(held.size).toBe(0));
  });

  test('of a run that is left: its last checkpoint too, as stopped; then other pages may have it', async () => {
    const { client, run, record, written, held } = scripted();
    run.start(false);
    client.advance(100);
    run.leave();
    expect(client.posted.at(-1)).toEqual({ type: 'stop' });
    client.emit({ type: 'checkpoint', runId: 'one', checkpoint: { config: record.config, step: 103, arms: [] } });
    expect(held).toEqual(new Set(['one']));
    const end = { type: 'finished', runId: 'one', step: 103, outcome: 'stopped' } as const;
    client.emit({ type: 'run-event', event: end });
    await vi.waitFor(() => expect(written).toHaveLength(2));
    expect(writtenOf(written)).toEqual([
      [103, 'stopped', 103],
      [103, 'stopped', undefined],
    ]);
    await vi.waitFor(() => expect(held.size).toBe(0));
  });

  test('of a run that is left ends with the first event of the next one on the same client', async () => {
    const { client, run, written, held } = scripted();
    run.start(false);
    client.advance(100);
    run.leave();
    client.emit({ type: 'run-event', event: { type: 'compiling', runId: 'two', step: 0 } });
    client.emit({
      type: 'checkpoint',
      runId: 'one',
      checkpoint: { config: SHORT, step: 103, arms: [] },
    });
    await vi.waitFor(() => expect(held.size).toBe(0));
    expect(written).toEqual([]);
  });

  test('of a run that was given up: it ended as failed', async () => {
    vi.useFakeTimers();
    const { client, run, record, written } = scripted();
    run.start(false);
    client.advance(60);
    client.takeCheckpoint();
    for (let loss = 0; loss < 4; loss++) {
      client.fail(LOST);
      vi.advanceTimersByTime(5000);
    }
    vi.useRealTimers();
    await vi.waitFor(() => expect(written).toHaveLength(2));
    expect(record.phase).toBe('failed');
    expect(writtenOf(written).at(-1)).toEqual([60, 'failed', undefined]);
  });
});
