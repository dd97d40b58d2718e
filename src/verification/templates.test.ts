import { expect, test } from 'vitest';
import { TemplatePool, templateDistances } from './templates.ts';

// Template 7: a still (medium 1) and two frames of a film (medium 2). Template 9: one still.
const IMAGES = { templates: [7, 7, 7, 9], media: [1, 2, 2, 1], scores: [1, 1, 0.5, 0.2] };
const ORIGINAL = Float32Array.of(1, 0, 0, 2, 0, 4, 0, 3);
const FLIPPED = Float32Array.of(1, 0, 0, 2, 0, 4, 0, 3);

test('weighs by detector score, averages within a medium, sums over media, then normalises', () => {
  const pool = new TemplatePool(IMAGES, 2);
  pool.add(0, ORIGINAL, FLIPPED);
  const { features, rows } = pool.finish();
  // Medium 1: (2, 0). Medium 2: mean of (0, 4) and 0.5 (0, 8) = (0, 4).
  const norm = Math.hypot(2, 4);
  expect([...features.subarray(0, 2)]).toEqual([2 / norm, 4 / norm]);
  expect([...features.subarray(2)]).toEqual([0, 1]);
  expect(rows.get(9)).toBe(1);
});

test('chunks in any order give the same templates', () => {
  const whole = new TemplatePool(IMAGES, 2);
  whole.add(0, ORIGINAL, FLIPPED);
  const parts = new TemplatePool(IMAGES, 2);
  for (const first of [2, 0, 3, 1]) {
    const chunk = [2 * first, 2 * first + 2] as const;
    parts.add(first, ORIGINAL.subarray(...chunk), FLIPPED.subarray(...chunk));
  }
  expect(parts.finish()).toEqual(whole.finish());
});

test('distances are 2 - 2 cosine, by template id', () => {
  const pool = new TemplatePool(IMAGES, 2);
  pool.add(0, ORIGINAL, FLIPPED);
  const distances = templateDistances(pool.finish(), [7, 9, 7], [7, 9, 9]);
  expect(distances[0]).toBeCloseTo(0, 12);
  expect(distances[2]).toBeCloseTo(2 - 8 / Math.hypot(2, 4), 12);
});

test('refuses pairs of unknown templates and chunks that do not fit', () => {
  const pool = new TemplatePool(IMAGES, 2);
  expect(() => pool.add(3, ORIGINAL, FLIPPED)).toThrow(expect.objectContaining({ code: 'sizes-differ' }));
  expect(() => pool.add(0, Float32Array.of(1), Float32Array.of(1))).toThrow(
    expect.objectContaining({ code: 'sizes-differ' }),
  );
  expect(() => templateDistances(pool.finish(), [7], [8])).toThrow(expect.objectContaining({ code: 'bad-template' }));
  expect(() => new TemplatePool({ ...IMAGES, media: [1] }, 2)).toThrow(
    expect.objectContaining({ code: 'sizes-differ' }),
  );
});
