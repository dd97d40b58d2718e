import { expect, test } from 'vitest';
import { drawnKernel } from './drawn-kernel.ts';

test('three channels are shown as they are', () => {
  const kernel = Float32Array.from({ length: 2 * 2 * 3 * 2 }, (_, i) => i);
  expect(drawnKernel({ name: 'first', shape: [2, 2, 3, 2], kernel })).toEqual({ kernel, size: 2, shows: 'rgb' });
});

test('a 1 × 3 kernel is centred in a square', () => {
  const kernel = new Float32Array([1, -2, 3]);
  const { kernel: drawn, size, shows } = drawnKernel({ name: 'wide', shape: [1, 3, 1, 1], kernel });
  expect([size, shows]).toEqual([3, 'grey']);
  expect([...drawn]).toEqual([0, 0, 0, 1, -2, 3, 0, 0, 0]);
});

test('of many channels the size over all of them is shown, filter by filter', () => {
  // [1, 1, 4 channels, 2 filters]
  const kernel = new Float32Array([3, 1, 0, 1, -4, 1, 0, -1]);
  const { kernel: drawn, shows } = drawnKernel({ name: 'deep', shape: [1, 1, 4, 2], kernel });
  expect(shows).toBe('strength');
  expect([...drawn]).toEqual([5, 2]);
});
