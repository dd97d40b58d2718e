import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Series, StepTable } from './series.ts';

describe('StepTable', () => {
  test('keeps every row while there is room', () => {
    const table = new StepTable(2, 200);
    for (let step = 0; step < 150; step++) table.append(step * 5, [step, -step]);
    expect(table.length).toBe(150);
    expect(Array.from(table.row(149))).toEqual([149, -149]);
    expect(table.thinnings).toBe(0);
  });

  test('stays within its capacity, evenly spread, with the first and the newest row', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(4, 10, 64, 256), (ticks, capacity) => {
        const table = new StepTable(1, capacity);
        for (let tick = 0; tick < ticks; tick++) {
          table.append(tick, [tick * 10]);
          const newest = table.at();
          expect([newest?.step, newest?.row[0]]).toEqual([tick, tick * 10]);
        }
        expect(table.length).toBeLessThanOrEqual(capacity);
        expect(table.steps[0]).toBe(0);
        const settled = Array.from(table.steps).slice(0, -1);
        const gaps = new Set(settled.slice(1).map((step, index) => step - (settled[index] ?? 0)));
        expect(gaps.size).toBeLessThanOrEqual(1);
        for (let index = 0; index < table.length; index++) {
          expect(table.row(index)[0]).toBe((table.steps[index] ?? 0) * 10);
        }
      }),
    );
  });

  test('cut at a step and filled again is as good as never cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 600 }),
        fc.nat(600),
        fc.constantFrom(4, 10, 64),
        (ticks, place, capacity) => {
          const table = new StepTable(1, capacity);
          for (let tick = 0; tick < ticks; tick++) table.append(tick, [tick]);
          const before = Array.from(table.steps);
          const { thinnings } = table;
          const step = place % ticks;
          table.cut(step);
          expect(Array.from(table.steps)).toEqual(before.filter((at) => at <= step));
          expect(table.thinnings > thinnings).toBe(before.some((at) => at > step));
          const first = (table.at()?.step ?? -1) + 1;
          for (let tick = first; tick < ticks; tick++) table.append(tick, [tick]);
          expect(Array.from(table.steps)).toEqual(before);
        },
      ),
    );
  });

  test('finds the row at or before a step', () => {
    const table = new Series();
    for (const step of [5, 10, 20]) table.push(step, step / 10);
    expect([4, 5, 12, 20, 99].map((step) => table.valueAt(step)?.toFixed(1))).toEqual([
      undefined,
      '0.5',
      '1.0',
      '2.0',
      '2.0',
    ]);
    expect(new Series().valueAt()).toBeUndefined();
  });

  test('refuses a row of another width', () => {
    expect(() => new StepTable(3, 8).append(0, [1, 2])).toThrow(RangeError);
  });
});
