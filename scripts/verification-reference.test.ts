import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { writeNpz } from '../src/formats/npz.ts';
import { pythonWith, textFrom } from '../src/formats/testing/python.ts';
import { flipTest, meanNorm, neighbourDistances } from '../src/verification/embeddings.ts';
import { foldAccuracy } from '../src/verification/folds.ts';
import {
  areaUnder,
  equalErrorRate,
  REPORTED_FARS,
  rocCurve,
  tarAtFar,
  tarAtNearestFar,
} from '../src/verification/roc.ts';
import { mcNemar } from '../src/verification/significance.ts';
import { TemplatePool, templateDistances } from '../src/verification/templates.ts';

const python = pythonWith('numpy', 'scipy', 'sklearn');

const roc = z.object({
  points: z.number(),
  areaUnderCurve: z.number(),
  equalErrorRate: z.number(),
  tarAtNearestFar: z.array(z.number()),
});
const pairsResult = roc.extend({
  distances: z.array(z.number()),
  meanNorm: z.number(),
  accuracy: z.number(),
  deviation: z.number(),
  folds: z.array(z.object({ threshold: z.number(), accuracy: z.number() })),
  tarAtFar: z.array(z.object({ far: z.number(), tar: z.number(), deviation: z.number(), measuredFar: z.number() })),
  mcNemar: z.number(),
});
const templatesResult = roc.extend({ scores: z.array(z.number()) });

function reference(mode: 'pairs' | 'templates', arrays: Parameters<typeof writeNpz>[0]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'verification-'));
  try {
    const file = join(folder, 'input.npz');
    writeFileSync(file, writeNpz(arrays));
    const script = join(import.meta.dirname, 'verification-reference.py');
    return JSON.parse(textFrom(python.run([script, mode, file])));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function source(seed: number) {
  const generator = xoroshiro128plus(seed);
  const uniform = () => uniformFloat64(generator);
  return { uniform, normal: randomNormal.source(uniform)() };
}

/** Embeddings of pairs, of which the same-person ones share a centre. */
function randomPairs(pairs: number, dimension: number, noise: number, seed: number) {
  const { uniform, normal } = source(seed);
  const issame = Uint8Array.from({ length: pairs }, () => (uniform() < 0.5 ? 1 : 0));
  const original = new Float32Array(2 * pairs * dimension);
  for (let pair = 0; pair < pairs; pair++) {
    for (let i = 0; i < dimension; i++) {
      const centre = normal();
      original[2 * pair * dimension + i] = centre + noise * normal();
      original[(2 * pair + 1) * dimension + i] = (issame[pair] ? centre : normal()) + noise * normal();
    }
  }
  return { issame, original, flipped: original.map((value) => value + 0.3 * normal()) };
}

const close = (found: ArrayLike<number>, expected: readonly number[]) => {
  expect(found.length).toBe(expected.length);
  const apart = expected.map((value, i) => Math.abs(value - (found[i] ?? Number.NaN)));
  expect(Math.max(...apart)).toBeLessThan(1e-6);
};

describe.skipIf(python.command === undefined)(
  `the protocol equals numpy, SciPy and scikit-learn${python.skipped}`,
  () => {
    test.each([
      { pairs: 600, dimension: 16, noise: 1.2, seed: 1 },
      { pairs: 1003, dimension: 8, noise: 0.8, seed: 2 },
      { pairs: 57, dimension: 4, noise: 2, seed: 3 },
    ])('$pairs pairs of $dimension numbers', ({ pairs, dimension, noise, seed }) => {
      const { issame, original, flipped } = randomPairs(pairs, dimension, noise, seed);
      const expected = pairsResult.parse(
        reference('pairs', {
          original: { type: 'float32', shape: [2 * pairs, dimension], data: original },
          flipped: { type: 'float32', shape: [2 * pairs, dimension], data: flipped },
          issame: { type: 'bool', shape: [pairs], data: issame },
          onlyFirst: { type: 'int32', shape: [1], data: Int32Array.of(3 + seed) },
          onlySecond: { type: 'int32', shape: [1], data: Int32Array.of(14) },
        }),
      );
      const distances = neighbourDistances(flipTest(original, flipped, dimension), dimension);
      close(distances, expected.distances);
      expect(meanNorm(original, flipped, dimension)).toBeCloseTo(expected.meanNorm, 9);

      const found = foldAccuracy(distances, issame);
      expect(found.folds).toEqual(expected.folds);
      // The mean of ten equal numbers may differ in the last bit, by the order of the sum.
      expect(found.accuracy).toBeCloseTo(expected.accuracy, 14);
      expect(found.deviation).toBeCloseTo(expected.deviation, 14);

      const rates = tarAtFar(distances, issame);
      for (const key of ['far', 'tar', 'deviation', 'measuredFar'] as const) {
        close(
          rates.map((rate) => rate[key]),
          expected.tarAtFar.map((rate) => rate[key]),
        );
      }
      expect(mcNemar(3 + seed, 14)).toBeCloseTo(expected.mcNemar, 9);
      compareRoc(distances, issame, expected);
    });

    test('so does the command line, from the same file', () => {
      const folder = mkdtempSync(join(tmpdir(), 'verification-'));
      try {
        const [embeddings, json] = [join(folder, 'embeddings.npz'), join(folder, 'out', 'report.json')];
        const { issame, original, flipped } = randomPairs(200, 8, 1, 5);
        const arrays = {
          original: { type: 'float32', shape: [400, 8], data: original },
          flipped: { type: 'float32', shape: [400, 8], data: flipped },
          issame: { type: 'bool', shape: [200], data: issame },
        } as const;
        writeFileSync(embeddings, writeNpz(arrays));
        const command = ['--import', 'tsx', 'src/cli/verify.ts', '--embeddings', embeddings, '--json', json];
        const { status, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
        expect(stderr).toBe('');
        expect(status).toBe(0);
        const expected = pairsResult.omit({ mcNemar: true }).parse(reference('pairs', arrays));
        expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
          pairs: 200,
          folds: expected.folds,
          accuracy: expect.closeTo(expected.accuracy, 12),
          deviation: expect.closeTo(expected.deviation, 12),
          auc: expect.closeTo(expected.areaUnderCurve, 9),
          eer: expect.closeTo(expected.equalErrorRate, 6),
          tarAtFar: expected.tarAtFar.map(({ far, tar }) => ({ far, tar: expect.closeTo(tar, 9) })),
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    test('templates of several media, added in chunks', () => {
      const { uniform, normal } = source(7);
      const dimension = 12;
      const images = 900;
      const templates = Int32Array.from(
        { length: images },
        (_, image) => (image < 150 ? image : Math.floor(uniform() * 150)) * 3 + 5,
      );
      const media = Int32Array.from({ length: images }, () => Math.floor(uniform() * 4));
      const scores = Float32Array.from({ length: images }, () => uniform());
      const original = Float32Array.from({ length: images * dimension }, (_, i) => {
        const person = (templates[Math.floor(i / dimension)] ?? 0) % 9;
        return normal() + 0.8 * Math.cos(person * 1.7 + (i % dimension));
      });
      const flipped = original.map((value) => value + 0.5 * normal());
      const anyTemplate = () => Math.floor(uniform() * 150) * 3 + 5;
      const left = Int32Array.from({ length: 3000 }, anyTemplate);
      const right = Int32Array.from({ length: 3000 }, anyTemplate);
      const same = Uint8Array.from(left, (template, pair) => (template % 9 === (right[pair] ?? 0) % 9 ? 1 : 0));
      const expected = templatesResult.parse(
        reference('templates', {
          original: { type: 'float32', shape: [images, dimension], data: original },
          flipped: { type: 'float32', shape: [images, dimension], data: flipped },
          templates: { type: 'int32', shape: [images], data: templates },
          media: { type: 'int32', shape: [images], data: media },
          scores: { type: 'float32', shape: [images], data: scores },
          left: { type: 'int32', shape: [3000], data: left },
          right: { type: 'int32', shape: [3000], data: right },
          same: { type: 'bool', shape: [3000], data: same },
        }),
      );
      const pool = new TemplatePool({ templates, media, scores }, dimension);
      for (let first = 0; first < images; first += 128) {
        const chunk = (values: Float32Array) => values.subarray(first * dimension, (first + 128) * dimension);
        pool.add(first, chunk(original), chunk(flipped));
      }
      const found = templateDistances(pool.finish(), left, right);
      close(
        found,
        expected.scores.map((cosine) => 2 - 2 * cosine),
      );
      // The same pairs may come twice: equal scores have to fall on one point of the curve here as there.
      compareRoc(
        Float64Array.from(expected.scores, (score) => -score),
        same,
        expected,
      );
    });
  },
);

function compareRoc(distances: Float64Array, same: Uint8Array, expected: z.infer<typeof roc>): void {
  const curve = rocCurve(distances, same);
  expect(curve.falseAcceptRates).toHaveLength(expected.points);
  expect(areaUnder(curve)).toBeCloseTo(expected.areaUnderCurve, 12);
  expect(Math.abs(equalErrorRate(curve) - expected.equalErrorRate)).toBeLessThan(1e-6);
  expect(REPORTED_FARS.map((far) => tarAtNearestFar(curve, far))).toEqual(expected.tarAtNearestFar);
}
