import { describe, expect, test } from 'vitest';
import { decimatedRoc } from './decimated-roc.ts';
import { rocCurve } from './roc.ts';
import { uniformOf } from './testing/uniform.ts';

function curve(pairs: number) {
  const draw = uniformOf(1);
  const same = Uint8Array.from({ length: pairs }, (_, pair) => pair % 2);
  return rocCurve(
    Float64Array.from(same, (isSame) => isSame * -0.4 + draw() + draw()),
    same,
  );
}

describe('an ROC to draw', () => {
  test('of many pairs has at most 300 points, all of the curve, both ends among them', () => {
    const roc = curve(60_000);
    const { far, tar } = decimatedRoc(roc);
    expect(roc.falseAcceptRates.length).toBeGreaterThan(3000);
    expect(far.length).toBeLessThanOrEqual(300);
    expect(far.length).toBeGreaterThan(100);
    expect([far.at(-1), tar.at(-1)]).toEqual([1, 1]);
    const all = new Set(Array.from(roc.falseAcceptRates, (rate, i) => `${rate} ${roc.trueAcceptRates[i]}`));
    far.slice(1).forEach((rate, i) => {
      expect(all.has(`${rate} ${tar[i + 1]}`)).toBe(true);
    });
    expect(far.every((rate, i) => i === 0 || rate >= (far[i - 1] ?? 0))).toBe(true);
  });

  test('no point is at a rate of zero, where a logarithm has no place', () => {
    const { far, tar } = decimatedRoc(curve(100));
    expect(far[0]).toBe(1 / 100);
    expect(tar[0]).toBeGreaterThanOrEqual(0);
    expect(far[1]).toBeGreaterThanOrEqual(1 / 50);
  });
});
