import { getBackend, memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { describeOn } from '../kernels/testing/describe-on.ts';
import { openEngine } from '../network/backend.ts';
import { only, runToEnd } from './testing/run-events.ts';

/** Smaller still than the other tests': a software adapter takes a tenth of a second where a card takes none. */
const TINIEST = { batchSize: 2, filters: 8, width: 8, embeddingSize: 16, telemetryEvery: 25, kernelEvery: 25 } as const;
const MANY_DIE = { criterion: 'relativeNorm', rho: 0.9, checkEvery: 20, stopAt: 100 } as const;

await describeOn('webgpu', () => {
  it('both arms are bit-identical until the first re-activation', async () => {
    const engine = await openEngine({ preference: 'webgpu' });
    const change = { ...TINIEST, ...MANY_DIE, steps: 10, telemetryEvery: 1, kernelEvery: 1 };
    const events = only(await runToEnd(engine, change), 'filters');
    expect(getBackend()).toBe('webgpu');
    const kernel = (arm: string, step: number) =>
      events.filter((event) => event.arm === arm && event.step === step).at(-1)?.kernel;
    expect(kernel('craft', 1)).toEqual(kernel('standard', 1));
    expect(kernel('craft', 3)).not.toEqual(kernel('standard', 3));
  });

  it('tensors and device memory are flat from step 50 to step 100', async () => {
    const engine = await openEngine({ preference: 'webgpu' });
    const seen = new Map<number, readonly number[]>();
    await runToEnd(engine, { ...TINIEST, ...MANY_DIE, checkEvery: 1, steps: 100 }, (event) => {
      if (event.type === 'progress') seen.set(event.step, [memory().numTensors, engine.bytes()]);
    });
    expect(seen.get(100)).toEqual(seen.get(50));
    expect(seen.get(100)?.[1]).toBeGreaterThan(0);
  });
});
