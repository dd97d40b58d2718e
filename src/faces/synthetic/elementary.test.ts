import { describe, expect, it } from 'vitest';
import { stream } from '../../config/random.ts';
import { bell, cosine, curve, hill, sine, swell } from './elementary.ts';

describe('elementary functions', () => {
  it('agree with the engine on sine and cosine', () => {
    for (let angle = -20; angle <= 20; angle += 0.0137) {
      expect(Math.abs(sine(angle) - Math.sin(angle))).toBeLessThan(1e-9);
      expect(Math.abs(cosine(angle) - Math.cos(angle))).toBeLessThan(1e-9);
    }
  });

  it('draw bell-shaped numbers of mean 0 and variance 1', () => {
    const uniform = stream(1, 'bell');
    const draws = Array.from({ length: 4000 }, () => bell(uniform));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.06);
    expect(Math.abs(variance - 1)).toBeLessThan(0.08);
  });

  it('a curve passes through its knots and never overshoots them', () => {
    const knots = [
      [0, 0],
      [1, 10],
      [3, 10],
      [4, -5],
    ] as const;
    const through = curve(knots);
    for (const [x, y] of knots) expect(through(x)).toBeCloseTo(y, 9);
    for (let x = -1; x <= 5; x += 0.05) {
      expect(through(x)).toBeGreaterThanOrEqual(-5);
      expect(through(x)).toBeLessThanOrEqual(10);
    }
  });

  it('a hill ends where it says, and noise stays between 0 and 1', () => {
    expect(hill(0)).toBe(1);
    expect(hill(4)).toBe(0);
    for (let x = -30; x < 30; x += 0.37) {
      const value = swell(x, -x * 1.7, 5);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
    }
  });
});
