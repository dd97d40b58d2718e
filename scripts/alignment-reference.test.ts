import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { alignFace } from '../src/faces/import/align-face.ts';
import { inverseOf, similarityBetween, TEMPLATE_POINTS } from '../src/faces/import/similarity.ts';
import { writeNpz } from '../src/formats/npz.ts';
import { pythonWith, textFrom } from '../src/formats/testing/python.ts';

const python = pythonWith('numpy', 'scipy');

const result = z.object({
  matrices: z.array(z.array(z.array(z.number()))),
  aligned: z.array(z.array(z.number())),
});

const generator = xoroshiro128plus(4);
const uniform = () => uniformFloat64(generator);
const normal = randomNormal.source(uniform)();

/** The template turned, scaled, moved and shaken, as landmarks in a picture of 150 × 130. */
function landmarks(turn: number, scale: number, moveX: number, moveY: number, shake: number): number[] {
  return Array.from({ length: 5 }, (_, i) => {
    const x = scale * ((TEMPLATE_POINTS[2 * i] ?? 0) - 56);
    const y = scale * ((TEMPLATE_POINTS[2 * i + 1] ?? 0) - 72);
    return [
      75 + moveX + x * Math.cos(turn) - y * Math.sin(turn) + shake * normal(),
      70 + moveY + x * Math.sin(turn) + y * Math.cos(turn) + shake * normal(),
    ];
  }).flat();
}

const FACES = [
  landmarks(0, 1, 0, 0, 0),
  landmarks(0.3, 0.8, 3, -4, 1),
  landmarks(-2.6, 1.4, -10, 8, 2),
  // Half outside the picture.
  landmarks(0.1, 1.1, 60, -50, 1),
  // Nothing like a face: a mirrored one, which no turn mends.
  landmarks(0, 1, 0, 0, 0).map((value, at) => (at % 2 === 0 ? 150 - value : value)),
];

describe.skipIf(python.command === undefined)(`alignment equals numpy's and SciPy's${python.skipped}`, () => {
  test('by transform and by pixel', () => {
    const [width, height] = [150, 130];
    const pixels = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(256 * uniform()));
    const expected = reference({
      points: { type: 'float32', shape: [FACES.length, 5, 2], data: Float32Array.from(FACES.flat()) },
      target: { type: 'float64', shape: [5, 2], data: Float64Array.from(TEMPLATE_POINTS) },
      picture: { type: 'uint8', shape: [height, width, 3], data: pixels },
    });
    FACES.forEach((face, at) => {
      const points = Float32Array.from(face);
      const found = similarityBetween(points, TEMPLATE_POINTS);
      const [[m00 = 0, m01 = 0, m02 = 0] = [], [m10 = 0, m11 = 0, m12 = 0] = []] = expected.matrices[at] ?? [];
      const matrix = [found?.a, -(found?.b ?? 0), found?.tx, found?.b, found?.a, found?.ty].map(Number);
      expect(apart(matrix, [m00, m01, m02, m10, m11, m12])).toBeLessThan(1e-9);
      const aligned = alignFace({ width, height, channels: 3, pixels }, points) ?? new Uint8Array(0);
      // Half a step of rounding, and a bit for the reference's three decimals.
      expect(apart(aligned, expected.aligned[at] ?? [])).toBeLessThan(0.502);
    });
  });
});

test('the way there and back is no way', () => {
  const there = similarityBetween([1, 2, 9, 4, 3, 7], [5, 5, 2, 9, 8, 1]);
  const back = there && inverseOf(there);
  const x = (there?.a ?? 0) * 11 - (there?.b ?? 0) * 13 + (there?.tx ?? 0);
  const y = (there?.b ?? 0) * 11 + (there?.a ?? 0) * 13 + (there?.ty ?? 0);
  expect((back?.a ?? 0) * x - (back?.b ?? 0) * y + (back?.tx ?? 0)).toBeCloseTo(11, 9);
  expect((back?.b ?? 0) * x + (back?.a ?? 0) * y + (back?.ty ?? 0)).toBeCloseTo(13, 9);
});

test('points that are all one have no similarity', () => {
  expect(similarityBetween([3, 4, 3, 4, 3, 4, 3, 4, 3, 4], TEMPLATE_POINTS)).toBeUndefined();
  const picture = { width: 2, height: 2, channels: 3, pixels: new Uint8Array(12) } as const;
  expect(alignFace(picture, new Float32Array(10))).toBeUndefined();
});

function reference(arrays: Parameters<typeof writeNpz>[0]): z.infer<typeof result> {
  const folder = mkdtempSync(join(tmpdir(), 'alignment-'));
  try {
    const file = join(folder, 'input.npz');
    writeFileSync(file, writeNpz(arrays));
    const script = join(import.meta.dirname, 'alignment-reference.py');
    return result.parse(JSON.parse(textFrom(python.run([script, file]))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function apart(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.NaN;
  return Math.max(...expected.map((value, at) => Math.abs(value - (found[at] ?? Number.NaN))));
}
