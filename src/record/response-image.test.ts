import { expect, test } from 'vitest';
import { largestResponse, responseBytes } from './response-image.ts';

const maps = { side: 2, values: Float32Array.of(0, 2, -0.5, 8, 0.0002, 0, 0, -0.0002) };

test('black is no response, white two and more, and a sign does not show', () => {
  expect([...responseBytes(maps, 0)]).toEqual([0, 255, 128, 255]);
});

test('a dead filter is black on the fixed scale, and shown by its own largest response on request', () => {
  expect(Math.max(...responseBytes(maps, 1))).toBeLessThan(4);
  expect(largestResponse(maps, 1)).toBeCloseTo(0.0002, 9);
  expect([...responseBytes(maps, 1, largestResponse(maps, 1))]).toEqual([255, 0, 0, 255]);
});

test('a filter without any response stays black on its own scale', () => {
  expect([...responseBytes({ side: 1, values: Float32Array.of(0) }, 0, 0)]).toEqual([0]);
});

test('a value that is no number is black and decides nothing', () => {
  const broken = { side: 1, values: Float32Array.of(Number.NaN, 3) };
  expect(largestResponse(broken)).toBe(3);
  expect([...responseBytes(broken, 0, 3), ...responseBytes(broken, 1, 3)]).toEqual([0, 255]);
});
