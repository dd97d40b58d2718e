import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { backend, dispose, type Tensor, zeros } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODE_STEP_THREADS, startTeamThread } from '../kernels/node/step-threads.ts';
import { evaluate } from '../kernels/testing/evaluate.ts';
import golden from '../kernels/testing/shared-loops.golden.json' with { type: 'json' };
import { SHARED_LOOPS } from '../kernels/testing/shared-loops.ts';
import { stepTeam } from '../kernels/threads.ts';
import { packStrips } from '../kernels/wasm/dense.ts';
import { memoryOf } from '../kernels/wasm/heap.ts';
import type { ThreadTeam } from '../kernels/wasm/team.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import { MANY_DIE, only, runToEnd } from './testing/run-events.ts';

/** How many threads work on the kernels, and whether the one that asks leaves all of it to the others. */
const TEAMS = [
  { threads: 1, idle: false },
  { threads: 2, idle: true },
  { threads: 2, idle: false },
  { threads: 3, idle: true },
  { threads: 3, idle: false },
] as const;

let engine: Engine;
let team: ThreadTeam;
const members: Worker[] = [];

beforeAll(async () => {
  const ready: Promise<unknown>[] = [];
  engine = await openEngine({
    preference: 'wasm',
    stepThreads: {
      ...NODE_STEP_THREADS,
      start: (memory, lane) => {
        const member = startTeamThread(memory, lane);
        members.push(member);
        ready.push(once(member, 'message'));
      },
    },
  });
  expect(engine.sharesSteps).toBe(true);
  team = (await stepTeam()) ?? expect.fail('no team');
  engine.setThreads(3);
  await Promise.all(ready);
});

afterAll(async () => {
  for (const member of members) await member.terminate();
});

/** The result of each team, and how many chunks its other threads have done. */
async function byTeams<Result>(compute: () => Promise<Result>): Promise<{ result: Result; taken: number }[]> {
  const results: { result: Result; taken: number }[] = [];
  for (const { threads, idle } of TEAMS) {
    engine.setThreads(threads);
    team.idle = idle;
    const before = team.taken;
    const result = await compute();
    results.push({ result, taken: team.taken - before });
    team.idle = false;
  }
  return results;
}

function digestOf(outputs: readonly Float32Array[]): string {
  const hash = createHash('sha256');
  for (const output of outputs) hash.update(new Uint8Array(output.buffer, output.byteOffset, output.byteLength));
  return hash.digest('hex').slice(0, 16);
}

const GOLDEN: Readonly<Record<string, string>> = golden;

describe('threads that share a step', () => {
  it.each(SHARED_LOOPS)('%s: the bits of one thread, as they were before there were several', async (name, compute) => {
    const results = await byTeams(async () => digestOf(await evaluate('wasm', compute)));
    expect(results.map(({ result }) => result)).toEqual(TEAMS.map(() => GOLDEN[name]));
    const [alone, ...others] = results;
    expect(alone?.taken).toBe(0);
    if (name !== 'margin')
      expect(others.filter((_, index) => TEAMS[index + 1]?.idle).every(({ taken }) => taken > 0)).toBe(true);
  });

  it('train 50 steps with a re-activation to the same bits', async () => {
    const change = { ...MANY_DIE, backend: 'wasm', steps: 50, filters: 16, telemetryEvery: 7, kernelEvery: 7 } as const;
    const results = await byTeams(async () => {
      const events = await runToEnd(engine, change);
      expect(only(events, 'reactivation').some(({ filters }) => filters.length > 0)).toBe(true);
      return events.map((event) =>
        event.type === 'progress' ? { ...event, stepMs: 0, imagesPerSecond: 0, deviceBytes: 0 } : event,
      );
    });
    const [alone, ...others] = results;
    for (const { result, taken } of others) {
      expect(result).toEqual(alone?.result);
      expect(taken).toBeGreaterThan(0);
    }
  });

  it('work on a heap that has grown since they started', async () => {
    const heap = memoryOf(backend()) ?? expect.fail('no heap');
    const before = heap.buffer.byteLength;
    const filling: Tensor[] = [];
    while (heap.buffer.byteLength < before + 2 ** 26) filling.push(zeros([2 ** 20]));
    const [name, compute] = SHARED_LOOPS[0] ?? expect.fail('no computation');
    const results = await byTeams(async () => digestOf(await evaluate('wasm', compute)));
    expect(results.map(({ result }) => result)).toEqual(TEAMS.map(() => GOLDEN[name]));
    dispose(filling);
  });

  it('pass on the error of a chunk, and share the next loop', () => {
    engine.setThreads(2);
    const broken = () => {
      throw new Error('broken');
    };
    expect(() => team.run(broken, [], 4)).toThrow('missing in LOOPS');
    // Far beyond the heap.
    const beyond = 2 ** 32 - 65_536;
    for (const idle of [false, true]) {
      team.idle = idle;
      expect(() => team.run(packStrips, [beyond, 4, 32, beyond, 2], 2)).toThrow(idle ? 'on another thread' : undefined);
    }
    team.idle = false;
  });
});
