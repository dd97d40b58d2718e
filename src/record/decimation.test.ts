import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimate } from './decimation.ts';

test('few points stay as they are', () => {
  expect(decimate([1, 2, 3], [5, 6, 7], 300)).toEqual([0, 1, 2]);
});

test('many points become at most as many as asked, in order, with both ends', () => {
  fc.assert(
    fc.property(fc.integer({ min: 301, max: 5000 }), fc.integer({ min: 4, max: 300 }), (count, most) => {
      const steps = Array.from({ length: count }, (_, index) => index * 5);
      const values = steps.map((step) => Math.sin(step / 7) + step / 1000);
      const kept = decimate(steps, values, most);
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(count - 1);
      expect(kept.every((index, place) => place === 0 || index > (kept[place - 1] ?? 0))).toBe(true);
    }),
  );
});

test('a single spike among thousands of points is kept', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4999 }), fc.constantFrom(-1, 1), (place, sign) => {
      const steps = Array.from({ length: 5000 }, (_, index) => index);
      const values = new Float32Array(5000);
      values[place] = sign;
      expect(decimate(steps, values, 300)).toContain(place);
    }),
  );
});
