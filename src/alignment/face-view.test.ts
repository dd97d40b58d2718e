import { expect, test } from 'vitest';
import { viewAround } from './face-view.ts';

/** A photo whose pixel (x, y) is x red and y green. */
function photo(width: number, height: number) {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return [pixel % width, Math.floor(pixel / width), 0][at % 3] ?? 0;
  });
  return { width, height, channels: 3, pixels } as const;
}

/** The middle of the points is pixel (120, 100). */
const POINTS = [110, 90, 130, 90, 120, 100, 112, 110, 128, 110] as const;

test('a view shows the photo around the face, and its points lie on the pixels they name', () => {
  const { images, size, points } = viewAround(photo(250, 200), POINTS, 2, 95);
  expect(images).toHaveLength(size * size * 3);
  for (let point = 0; point < 5; point++) {
    const column = Math.floor((points[2 * point] ?? 0) * size);
    const row = Math.floor((points[2 * point + 1] ?? 0) * size);
    const [red = 0, green = 0] = images.subarray((row * size + column) * 3);
    expect(Math.abs(red - (POINTS[2 * point] ?? 0))).toBeLessThanOrEqual(1);
    expect(Math.abs(green - (POINTS[2 * point + 1] ?? 0))).toBeLessThanOrEqual(1);
  }
  // 1.7 template widths of 56 pixels.
  expect((points[2] - points[0]) * 95.2).toBeCloseTo(20, 6);
});

test('a view never leaves the photo', () => {
  const corner = viewAround(photo(250, 200), [3, 3, 13, 3, 8, 8, 4, 13, 12, 13], 2, 10);
  expect([...corner.images.subarray(0, 2)].every((value) => value < 10)).toBe(true);
  expect(corner.points[0]).toBeCloseTo(3.5 / 95.2, 6);
  const whole = viewAround(photo(60, 50), [20, 20, 40, 20, 30, 30, 22, 40, 38, 40], 1, 50);
  expect((whole.points[2] - whole.points[0]) * 50).toBeCloseTo(20, 6);
});
