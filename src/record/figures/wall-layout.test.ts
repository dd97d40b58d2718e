import { expect, test } from 'vitest';
import { wallLayout } from './wall-layout.ts';

test('32 filters of 3 × 3 are placed as in the design at 1440 px', () => {
  expect(wallLayout(32, 3, 354, 182)).toMatchObject({ columns: 8, tile: 39 });
});

test.each([
  [8, 3],
  [24, 5],
  [32, 7],
  [64, 3],
])('%i filters of %i px fit in the width and height, whole pixels a weight', (filters, kernel) => {
  const { columns, tile, columnGap, rowGap } = wallLayout(filters, kernel, 354, 182);
  const rows = Math.ceil(filters / columns);
  expect(tile % kernel).toBe(0);
  expect(columns * tile + (columns - 1) * columnGap).toBeLessThanOrEqual(354);
  expect(rows * tile + (rows - 1) * rowGap).toBeLessThanOrEqual(182 * 1.35);
});

test.each([
  [64, 3, 354],
  [64, 3, 170],
  [32, 3, 170],
  [48, 3, 354],
  [64, 7, 772],
])('%i filters of %i px are in rows of the same length, %i px wide', (filters, kernel, width) => {
  const { columns, tile } = wallLayout(filters, kernel, width, 182);
  expect(filters % columns).toBe(0);
  expect(tile).toBeGreaterThanOrEqual(3 * Math.min(kernel, 5));
});

test('filters that no row divides still form a wall', () => {
  const { columns, tile } = wallLayout(37, 3, 354, 182);
  expect(columns).toBeGreaterThan(4);
  expect(tile).toBeGreaterThanOrEqual(24);
});

test.each([
  [340, 768],
  [340, 900],
  [340, 1200],
  [340, 1300],
  [340, 1600],
  [340, 2400],
  [700, 1440],
  [700, 2400],
  [1040, 2160],
])('32 and 64 filters fill a width of %i px in a window %i px high', (width, windowHeight) => {
  // As the walls of Train have it.
  const budget = Math.max(182, Math.round((windowHeight - 112) * 0.235));
  for (const filters of [32, 64]) {
    const { columns, tile, columnGap } = wallLayout(filters, 3, width, budget);
    const used = columns * tile + (columns - 1) * columnGap;
    expect(used / width).toBeGreaterThan(0.85);
    expect(used).toBeLessThanOrEqual(width);
  }
});

test.each([1, 2, 3])('%i filters are in one row, in tiles as large as fit', (filters) => {
  const { columns, tile, columnGap } = wallLayout(filters, 3, 354, 182);
  expect(columns).toBe(filters);
  expect(tile).toBeGreaterThan(100);
  expect(filters * tile + (filters - 1) * columnGap).toBeLessThanOrEqual(354);
});
