import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CRAFT, STANDARD } from '../config/arm.ts';
import { readRunArchive } from '../exchange/run-archive.ts';
import { crc32 } from '../formats/crc32.ts';
import { openEngine } from '../network/backend.ts';
import { Session } from '../training/session.ts';
import { tinyFaces } from '../training/testing/tiny-faces.ts';

/*
 * run-v2.zip was written at step 6 of 12 by the last version that knew two arms only, on WebAssembly; run-v2.json holds
 * the numbers of that version after it: losses, re-activated filters, held-out accuracy, and a checksum of all numbers
 * of each arm at the end.
 */
const file = (name: string) => readFileSync(join(import.meta.dirname, 'testing', name));

test('an archive of version 2 is read, and its arms are Standard and CRAFT', () => {
  const run = readRunArchive(file('run-v2.zip'));
  expect(run.notices).toEqual([]);
  expect(run.step).toBe(6);
  expect(run.config.arms).toBe('both');
  // Its seed was that of split, people and test too.
  const { seed, splitSeed, facesSeed, testSeed } = run.config;
  expect([seed, splitSeed, facesSeed, testSeed]).toEqual([3, 3, 3, 3]);
  // Faces were drawn in one way alone.
  expect(run.config.faceVersion).toBe('1');
  expect(run.arms.map(({ name, settings }) => ({ name, settings }))).toEqual([STANDARD, CRAFT]);
  expect(run.history?.arms.craft?.loss.steps).toEqual(Int32Array.of(1, 2, 3, 4, 5, 6));
  expect(run.history?.events.map(({ type, step }) => `${type} ${step}`)).toEqual(['reactivation 3', 'reactivation 6']);
});

test('a run of version 2 resumes bit for bit as the version that wrote it', async () => {
  const engine = await openEngine({ preference: 'wasm' });
  expect(engine.info.backend).toBe('wasm');
  const { config, step, arms } = readRunArchive(file('run-v2.zip'));
  const session = new Session({ runId: 'r', config, faces: tinyFaces(), engine, from: { config, step, arms } });
  const numbers: unknown[] = [];
  for await (const event of session.run()) {
    if (event.type === 'progress') numbers.push([event.step, event.arm, event.loss]);
    if (event.type === 'verification') numbers.push([event.step, event.arm, event.accuracy]);
    if (event.type === 'reactivation' && event.step > 6) numbers.push([event.step, event.arm, ...event.filters]);
  }
  for (const { name, state } of (await session.checkpoint()).arms) {
    const sum = [...state.values()].reduce(
      (all, { values }) =>
        crc32(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) ^ ((all * 31) | 0),
      0,
    );
    numbers.push([name, sum]);
  }
  session.dispose();
  expect(numbers).toEqual(JSON.parse(file('run-v2.json').toString()));
});
