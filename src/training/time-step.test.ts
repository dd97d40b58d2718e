import { memory } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeOn } from '../kernels/testing/describe-on.ts';
import { openForTests } from '../network/testing/open-for-tests.ts';
import { TINY_CONFIG } from './testing/run-events.ts';
import { timeStep } from './time-step.ts';

await describeOn('wasm', () => {
  test('times a whole batch, or scales a part of it that takes long already; nothing is left behind', async () => {
    await openForTests('wasm');
    const config = { ...TINY_CONFIG, batchSize: 8 };
    const before = memory().numTensors;
    const whole = await timeStep(config, 1e6, () => false);
    expect(whole?.whole).toBe(true);
    expect(whole?.ms).toBeGreaterThan(0);
    const part = await timeStep(config, 0, () => false);
    expect(part?.whole).toBe(false);
    expect(memory().numTensors).toBe(before);
  });

  test('gives up between two steps', async () => {
    await openForTests('wasm');
    const before = memory().numTensors;
    let asked = 0;
    expect(await timeStep(TINY_CONFIG, 1e6, () => ++asked === 2)).toBeUndefined();
    expect(asked).toBe(2);
    expect(memory().numTensors).toBe(before);
  });
});
