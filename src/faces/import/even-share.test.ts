import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenShare } from './even-share.ts';

describe('an even share', () => {
  it('is never above the limit, takes the same of everybody who has as many, and keeps all when they fit', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 8, max: 300 }), (counts, most) => {
        const people = counts.map((count, at) => ({
          name: `${at}`,
          items: Array.from({ length: count }, (_, item) => item),
        }));
        const kept = evenShare(people, most);
        const all = counts.reduce((sum, count) => sum + count, 0);
        const taken = kept.map(({ items }) => items.length);
        expect(taken.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(Math.max(most, 0));
        if (all <= most) expect(kept).toEqual(people);
        const each = Math.max(...taken);
        for (const { name, items } of kept) {
          expect(items.length).toBe(Math.min(each, counts[Number(name)] ?? 0));
          expect(new Set(items).size).toBe(items.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes fewer people rather than fewer than four images of each', () => {
    const people = Array.from({ length: 100 }, (_, at) => ({ name: `${at}`, items: [1, 2, 3, 4, 5, 6] }));
    const kept = evenShare(people, 40);
    expect(kept.length).toBe(10);
    expect(kept.every(({ items }) => items.length === 4)).toBe(true);
  });
});
