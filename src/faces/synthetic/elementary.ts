import type { Uniform } from '../../config/random.ts';

/**
 * Elementary functions built from + - * / and square roots only. IEEE 754 fixes those to the last
 * bit, while Math.sin, Math.exp and Math.pow may differ between engines and so change a pixel.
 */

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** 0 below `low`, 1 above `high`, a smooth cubic between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}

/** A hill: (1 - q/4)^4, close to exp(-q) and exactly 0 from q = 4 on; `q` is a squared distance. */
export function hill(q: number): number {
  if (q >= 4) return 0;
  const t = 1 - q * 0.25;
  return t * t * t * t;
}

/** The hill over an ellipse with half axes `rx`, `ry` about the origin. */
export function hill2(x: number, y: number, rx: number, ry: number): number {
  const a = x / rx;
  const b = y / ry;
  return hill(a * a + b * b);
}

/** Sine of an angle in radians; error below 1e-9 within +-20. */
export function sine(angle: number): number {
  let x = angle - Math.round(angle / (2 * Math.PI)) * 2 * Math.PI;
  if (x > Math.PI / 2) x = Math.PI - x;
  else if (x < -Math.PI / 2) x = -Math.PI - x;
  const s = x * x;
  return (
    x * (1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 + s * (-1 / 39916800 + s / 6227020800))))))
  );
}

/** Cosine of an angle in radians. */
export function cosine(angle: number): number {
  return sine(angle + Math.PI / 2);
}

/** A bell-shaped draw of mean 0 and variance 1 within +-3.47: four uniforms added (Irwin-Hall). */
export function bell(uniform: Uniform): number {
  return (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
}

/** Smooth curve through the knots [x, y] (monotone cubic, Fritsch-Carlson), constant beyond the ends. */
export function curve(knots: readonly (readonly [number, number])[]): (x: number) => number {
  const xs = Float64Array.from(knots, (knot) => knot[0]);
  const ys = Float64Array.from(knots, (knot) => knot[1]);
  const last = xs.length - 1;
  const at = (values: Float64Array, index: number) => values[index] ?? 0;
  const rise = (index: number) => (at(ys, index + 1) - at(ys, index)) / (at(xs, index + 1) - at(xs, index));
  const tangents = Float64Array.from(xs, (_, index) => {
    if (index === 0) return rise(0);
    if (index === last) return rise(last - 1);
    const before = rise(index - 1);
    const after = rise(index);
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  return (x) => {
    if (x <= at(xs, 0)) return at(ys, 0);
    if (x >= at(xs, last)) return at(ys, last);
    let segment = 0;
    while (x > at(xs, segment + 1)) segment++;
    const width = at(xs, segment + 1) - at(xs, segment);
    const t = (x - at(xs, segment)) / width;
    const t2 = t * t;
    const t3 = t2 * t;
    return (
      (2 * t3 - 3 * t2 + 1) * at(ys, segment) +
      (t3 - 2 * t2 + t) * width * at(tangents, segment) +
      (3 * t2 - 2 * t3) * at(ys, segment + 1) +
      (t3 - t2) * width * at(tangents, segment + 1)
    );
  };
}

/** A number in [0, 1) that the integers alone decide. */
function scatter(x: number, y: number, seed: number): number {
  let state = Math.imul(x, 0x1b873593) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) / 4294967296;
}

/** Smooth noise in [0, 1) with about one swell a unit. */
export function swell(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const upper = mix(scatter(column, row, seed), scatter(column + 1, row, seed), sx);
  const lower = mix(scatter(column, row + 1, seed), scatter(column + 1, row + 1, seed), sx);
  return mix(upper, lower, sy);
}
