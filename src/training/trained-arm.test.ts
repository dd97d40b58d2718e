import { beforeAll, describe, expect, test } from 'vitest';
import { CRAFT } from '../config/arm.ts';
import { stream } from '../config/random.ts';
import type { RunConfig } from '../config/run-config.ts';
import { filterAt, length } from '../craft/filter-bank.ts';
import { drawFilter, normalFrom } from '../craft/strategies.ts';
import { openEngine } from '../network/backend.ts';
import type { FaceNetwork } from '../network/face-network.ts';
import type { FirstLayer } from '../network/first-layer.ts';
import { TINY_CONFIG } from './testing/run-events.ts';
import { type TrainedArm, trainedArms } from './trained-arm.ts';

/** Filters 1 and 4 of 8 are dead, and their scales with them. */
const DEAD = [1, 4];
const ALIVE = [0, 2, 3, 5, 6, 7];
const GAMMA = [2, 1e-5, -4, 3, 1e-5, 1, 0.5, -1.5];
const VARIANCE = [1, 1e-9, 3, 8, 1e-9, 4, 2, 6];
const CONFIG: RunConfig = { ...TINY_CONFIG, seed: 11, strongShare: 0.5, strategy: 'blend' };

beforeAll(async () => {
  await openEngine({ preference: 'cpu' });
});

/** An arm whose first layer has known values everywhere: momentum is 1, 2, 3, ... so that none of it is zero. */
async function prepared(
  run: RunConfig = CONFIG,
): Promise<{ arm: TrainedArm; network: FaceNetwork; before: FirstLayer }> {
  const [arm] = trainedArms({ arms: [CRAFT], run, identities: 5 });
  if (arm === undefined) return expect.fail('no arm');
  const { network } = arm;
  const layer = await network.readFirstLayer();
  const counted = (size: number) => Float32Array.from({ length: size }, (_, i) => i + 1);
  network.writeFirstLayer({
    // Unlike norms, so that a mean of them is not their median.
    kernel: layer.kernel.map((weight, i) => weight * (DEAD.includes(i % 8) ? 1e-4 : i % 8 === 3 ? 9 : 1)),
    gamma: Float32Array.from(GAMMA),
    beta: counted(8),
    movingMean: counted(8),
    movingVariance: Float32Array.from(VARIANCE),
    momentum: { kernel: counted(layer.kernel.length), gamma: counted(8), beta: counted(8) },
  });
  return { arm, network, before: await network.readFirstLayer() };
}

const withZeros = (values: Float32Array) => values.map((value, i) => (DEAD.includes(i % 8) ? 0 : value));

describe('a check', () => {
  test('resets momentum of kernel, scale and shift for the new filters alone', async () => {
    const { arm, network, before } = await prepared();
    expect((await arm.check(10, CONFIG)).filters).toEqual(DEAD);
    const { momentum } = await network.readFirstLayer();
    expect(momentum.kernel).toEqual(withZeros(before.momentum.kernel));
    expect(momentum.gamma).toEqual(withZeros(before.momentum.gamma));
    expect(momentum.beta).toEqual(withZeros(before.momentum.beta));
    network.dispose();
  });

  test('gives the new channels the batch norm of the active ones, and no other channel', async () => {
    const { arm, network } = await prepared();
    await arm.check(10, CONFIG);
    const after = await network.readFirstLayer();
    // Over the active channels 0, 2, 3, 5, 6, 7: mean |gamma| is 12 / 6, mean variance 24 / 6.
    expect([...after.gamma]).toEqual([2, 2, -4, 3, 2, 1, 0.5, -1.5]);
    expect([...after.beta]).toEqual([1, 0, 3, 4, 0, 6, 7, 8]);
    expect([...after.movingMean]).toEqual([1, 0, 3, 4, 0, 6, 7, 8]);
    expect([...after.movingVariance]).toEqual([1, 4, 3, 8, 4, 4, 2, 6]);
    network.dispose();
  });

  test.each([
    ['resetOptimizer', { momentum: true }],
    ['resetScale', { gamma: true }],
    ['resetShift', { beta: true }],
    ['resetStatistics', { movingMean: true, movingVariance: true }],
  ] as const)('without %s leaves that part as it was', async (name, kept: Partial<Record<keyof FirstLayer, true>>) => {
    const run = { ...CONFIG, [name]: false };
    const { arm, network, before } = await prepared(run);
    await arm.check(10, run);
    const after = await network.readFirstLayer();
    for (const part of ['gamma', 'beta', 'movingMean', 'movingVariance'] as const) {
      expect(after[part][1] === before[part][1], part).toBe(kept[part] === true);
    }
    for (const part of ['kernel', 'gamma', 'beta'] as const) {
      expect(after.momentum[part][1] === before.momentum[part][1], part).toBe(kept.momentum === true);
    }
    network.dispose();
  });

  test('draws a blend of the strong filters from the stream of its seed and step, with their median norm', async () => {
    const { arm, network, before } = await prepared();
    await arm.check(10, CONFIG);
    const after = await network.readFirstLayer();
    const filters = ALIVE.map((f) => filterAt(before.kernel, 8, f));
    const strong = filters.toSorted((a, b) => length(b) - length(a)).slice(0, 3);
    const norm = length(strong[1] ?? []);
    const normal = normalFrom(stream(11, 'reactivation', 10));
    for (const f of DEAD) {
      const drawn = drawFilter('blend', { strong, active: filters, drawn: [] }, normal);
      const expected = Float32Array.from(drawn, (weight) => (weight * norm) / length(drawn));
      expect(Float32Array.from(filterAt(after.kernel, 8, f))).toEqual(expected);
    }
    for (const f of ALIVE) expect(filterAt(after.kernel, 8, f)).toEqual(filterAt(before.kernel, 8, f));
    network.dispose();
  });

  test('draws anew at every check, and the same for the same seed and step', async () => {
    const drawnAt = async (step: number, seed: number) => {
      const run = { ...CONFIG, seed: 11 };
      const { arm, network } = await prepared(run);
      const { after } = await arm.check(step, { ...run, seed });
      network.dispose();
      return after;
    };
    const first = await drawnAt(10, 11);
    expect(await drawnAt(10, 11)).toEqual(first);
    expect(await drawnAt(20, 11)).not.toEqual(first);
    expect(await drawnAt(10, 12)).not.toEqual(first);
  });

  test('without inactive filters writes nothing, momentum included', async () => {
    const { arm, network, before } = await prepared();
    const run = { ...CONFIG, epsilon: 1e-7 };
    expect(await arm.check(10, run)).toMatchObject({ filters: [] });
    expect(await network.readFirstLayer()).toEqual(before);
    network.dispose();
  });
});
