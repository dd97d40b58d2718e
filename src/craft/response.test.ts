import { expect, test } from 'vitest';
import { channelsOf, gatherChannels, respond, seenFace } from './response.ts';

const EPSILON = 1e-5;
/** 1 × 1 pixel kernels of two filters: the sum of the colours, and minus the red. */
const kernel = Float32Array.of(1, -1, 1, 0, 1, 0);
const shape = [1, 1, 3, 2] as const;
const channels = Float32Array.of(2, 1, 0.5, 0, 0.25, 0.1);

test('bytes from 0 to 255 are values from -1 to 1', () => {
  expect([...seenFace(Uint8Array.of(0, 255, 51), 1).values].map((value) => Number(value.toFixed(4)))).toEqual([
    -1, 1, -0.6,
  ]);
});

test('convolution, scale and shift, and the slope below zero', () => {
  const face = { size: 1, values: Float32Array.of(0.5, 0.25, 0.25) };
  const { side, values } = respond(face, { kernel, shape, channels });
  expect(side).toBe(1);
  // 2 * 1 + 0.5; -0.5 is below zero, and its slope is 0.1.
  expect([...values].map((value) => Number(value.toFixed(5)))).toEqual([2.5, -0.05]);
});

test('a batch norm is folded as scale and shift, with its epsilon', () => {
  const parts = {
    gamma: Float32Array.of(3),
    beta: Float32Array.of(0.5),
    movingMean: Float32Array.of(2),
    movingVariance: Float32Array.of(4),
    slope: Float32Array.of(0.25),
  };
  const [scale = 0, shift = 0, slope] = channelsOf(parts, EPSILON);
  expect(scale).toBeCloseTo(3 / Math.sqrt(4 + EPSILON), 6);
  expect(shift).toBeCloseTo(0.5 - (2 * 3) / Math.sqrt(4 + EPSILON), 6);
  expect(slope).toBe(0.25);
});

test('every second pixel of a response is that of the whole', () => {
  const size = 5;
  const face = { size, values: Float32Array.from({ length: size * size * 3 }, (_, at) => Math.sin(at)) };
  const layer = {
    kernel: Float32Array.from({ length: 27 * 2 }, (_, at) => Math.cos(3 * at)),
    shape: [3, 3, 3, 2] as const,
    channels,
  };
  const whole = respond(face, layer).values;
  const { side, values } = respond(face, layer, 2);
  expect(side).toBe(3);
  for (let f = 0; f < 2; f++) {
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        expect(values[(f * side + row) * side + column]).toBe(whole[(f * size + 2 * row) * size + 2 * column]);
      }
    }
  }
});

test('chosen channels keep their three numbers', () => {
  expect([...gatherChannels(channels, [1])]).toEqual([1, 0, Math.fround(0.1)]);
});

test('numbers of another size are refused', () => {
  const face = { size: 1, values: new Float32Array(3) };
  expect(() => respond(face, { kernel, shape, channels: [1, 2] })).toThrow('2 numbers');
  expect(() => respond({ size: 2, values: new Float32Array(3) }, { kernel, shape, channels })).toThrow(RangeError);
});

test('a kernel that is not square, or of even size, looks around its pixel', () => {
  const face = { size: 2, values: Float32Array.of(1, 2, 3, 4) };
  const plain = Float32Array.of(1, 0, 1);
  // The pixel and its right neighbour; then its left neighbour, the pixel and its right neighbour.
  const pair = { kernel: Float32Array.of(1, 10), shape: [1, 2, 1, 1] as const, channels: plain };
  const row = { kernel: Float32Array.of(100, 1, 10), shape: [1, 3, 1, 1] as const, channels: plain };
  expect([...respond(face, pair).values]).toEqual([21, 2, 43, 4]);
  expect([...respond(face, row).values]).toEqual([21, 102, 43, 304]);
});
