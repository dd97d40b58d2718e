import { expect, test } from 'vitest';
import { auditLayer, auditTotals } from './audit.ts';
import { channelUse } from './contribution.ts';
import { DEFAULT_INSPECTION } from './inspection.ts';
import { repeatedFilters } from './repeated-filters.ts';

/** [1, 1, 2, 4]: a filter of zeros, one of some size, its negative twice as large, and another. */
const KERNEL = Float32Array.of(0, 0.5, -1, 0.5, 0, 0.25, -0.5, -1);
const CONV = { name: 'conv', shape: [1, 1, 2, 4], kernel: KERNEL } as const;

test('dead, unused and duplicate channels are counted, with the cost of the dead ones', () => {
  const kernel = Float32Array.of(1, 1, 0, 0);
  const use = channelUse(new Float32Array(4).fill(1), [{ kernel, shape: [1, 1, 4, 1] }]);
  expect(auditLayer({ ...CONV, positions: 9 }, use, DEFAULT_INSPECTION)).toMatchObject({
    dead: 1,
    exactlyZero: 1,
    unused: 2,
    duplicate: 1,
    parameters: 8,
    deadParameters: 2,
    multiplyAdds: 72,
    deadMultiplyAdds: 18,
    depthwise: false,
    misleading: undefined,
  });
});

test('without a size of the image there are no multiply-adds, in the total neither', () => {
  const layer = auditLayer(CONV, undefined, DEFAULT_INSPECTION);
  expect([layer.unused, layer.multiplyAdds, layer.deadMultiplyAdds]).toEqual([undefined, undefined, undefined]);
  const other = auditLayer({ ...CONV, positions: 9 }, undefined, DEFAULT_INSPECTION);
  expect(auditTotals([layer, other])).toMatchObject({ channels: 8, dead: 2, parameters: 16, multiplyAdds: undefined });
  expect(auditTotals([other, other])).toMatchObject({ multiplyAdds: 144, deadMultiplyAdds: 36 });
});

test('a layer of small weights says that the threshold misleads, one of large weights that it misses filters', () => {
  const scaled = (factor: number) => ({ ...CONV, kernel: KERNEL.map((weight) => factor * weight) });
  expect(auditLayer(scaled(0.001), undefined, DEFAULT_INSPECTION).misleading).toBe(
    'The threshold 0.01 misleads here: 3 filters are below it, but above 5 % of the strong ones.',
  );
  const large = scaled(1000);
  large.kernel[0] = 1;
  expect(auditLayer(large, undefined, DEFAULT_INSPECTION).misleading).toBe(
    'The threshold 0.01 misses some here: 1 filter is above it, but below 5 % of the strong ones.',
  );
});

test('filters of different groups see different channels and repeat nothing', () => {
  const kernel = Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2);
  const conv = { name: 'conv', shape: [2, 1, 1, 4], kernel } as const;
  expect(repeatedFilters({ ...conv, groups: 1 })).toEqual([1, 2, 3]);
  expect(repeatedFilters({ ...conv, groups: 2 })).toEqual([1, 3]);
  expect(repeatedFilters({ ...conv, groups: 4 })).toEqual([]);
  expect(repeatedFilters(conv)).toEqual([]);
});
