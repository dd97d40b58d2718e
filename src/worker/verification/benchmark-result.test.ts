import { describe, expect, test } from 'vitest';
import { stream } from '../../config/random.ts';
import { syntheticSource } from '../../faces/face-set-source.ts';
import { pairsReport, templatesReport } from '../../verification/report.ts';
import { rocCurve } from '../../verification/roc.ts';
import { compareArms, rightPairs } from '../../verification/significance.ts';
import { measure } from './benchmark-result.ts';
import { picturesOf } from './pair-pictures.ts';

const lfw = await syntheticSource({ variation: 'lfw', seed: 3, pairs: 200, size: 16, region: 'tight' });
const ijb = await syntheticSource({ variation: 'ijb-b', seed: 3, pairs: 100, size: 16, region: 'tight' });
const rowSource = { kind: 'synthetic', name: 'Drawn LFW' } as const;

/** Distances of an arm that separates the pairs more or less well. */
function distances(same: Uint8Array, seed: number, noise: number): Float64Array<ArrayBuffer> {
  const draw = stream(seed, 'distances');
  return Float64Array.from(same, (isSame) => (isSame ? 0.7 : 1.2) + noise * (draw() - 0.5));
}

describe('pairs', () => {
  const { same } = lfw.pairs;
  const [first, second] = [distances(same, 1, 1.6), distances(same, 2, 1)];
  const scored = {
    row: 'lfw',
    rowSource,
    source: lfw,
    distances: [first, second],
  } as const;
  const found = measure(scored);

  test('each network has the figures of the protocol, and the comparison those of compareArms', () => {
    const report = pairsReport(second, same);
    expect(found.arms[1]).toMatchObject({
      headline: report.accuracy,
      deviation: report.deviation,
      folds: report.folds,
      auc: report.auc,
      eer: report.eer,
    });
    expect(found.arms[1]?.tars.map(({ tar }) => tar)).toEqual(report.tarAtFar.map(({ tar }) => tar));
    expect(found.arms[0]?.tars.map(({ resolvable }) => resolvable)).toEqual([true, true, false, false, false, false]);
    const { identities } = lfw.pairs;
    const compared = compareArms(
      { first, second, same, ...(identities ? { identities } : {}) },
      stream(1, 'bootstrap'),
    );
    expect(found.comparison).toEqual(compared);
    expect(compared.resampled).toBe('identities');
  });

  test('the scores of the first network are given where they are asked for, in the order of the folds', () => {
    expect(found.scores).toBeUndefined();
    expect(measure({ ...scored, scores: true }).scores).toEqual({
      distances: first,
      same,
      identities: lfw.pairs.identities,
    });
  });

  test('the images of a folder that could not be read are named, and nothing is said where all were', () => {
    const unreadable = { count: 1, first: [{ path: 'ada/torn.jpg', reason: 'is not a readable image' }] };
    expect(measure({ ...scored, source: { ...lfw, unreadable } }).unreadable).toEqual(unreadable);
    expect(measure({ ...scored, source: { ...lfw, distinct: 6 } }).distinct).toBe(6);
    expect('unreadable' in measure({ ...scored, source: { ...lfw, unreadable: { count: 0, first: [] } } })).toBe(false);
  });

  test('a hard pair is wrong where the protocol says so', () => {
    const right = [rightPairs(first, same), rightPairs(second, same)];
    expect(found.hardest.length).toBeGreaterThan(10);
    for (const { pair, verdicts } of found.hardest) {
      expect(verdicts.map((verdict) => Number(verdict.right))).toEqual(right.map((arm) => arm[pair]));
    }
  });

  test('its pictures are the two images of the pair', async () => {
    const { hardest, pictures } = await picturesOf(lfw, found.hardest);
    const [pair] = hardest;
    const at = (number = 0) => pictures.images.subarray(number * 768, (number + 1) * 768);
    expect(at(pair?.left)).toEqual(await lfw.image(lfw.pairs.left[pair?.pair ?? 0] ?? 0));
    expect(at(pair?.right)).toEqual(await lfw.image(lfw.pairs.right[pair?.pair ?? 0] ?? 0));
  });

  test('pairs in blocks of one kind are put in turn, and hard pairs keep their own numbers', () => {
    const order = [...same.keys()].sort((a, b) => (same[b] ?? 0) - (same[a] ?? 0));
    const pick = <Values extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>>(values: Values) =>
      values.map((_, at) => values[order[at] ?? 0] ?? 0);
    if (lfw.kind !== 'pairs') throw new Error('LFW is pairs of images');
    const { left, right, identities } = lfw.pairs;
    const people = identities && { left: pick(identities.left), right: pick(identities.right) };
    const blocks = {
      ...lfw,
      pairs: { left: pick(left), right: pick(right), same: pick(same), identities: people },
    } as typeof lfw;
    const sorted = measure({
      ...scored,
      scores: true,
      source: blocks,
      distances: [Float64Array.from(order, (at) => second[at] ?? 0)],
    });
    expect(sorted.pairsAsGiven).toBe(false);
    expect(found.pairsAsGiven).toBe(true);
    expect(Math.abs((sorted.arms[0]?.headline ?? 0) - (found.arms[1]?.headline ?? 0))).toBeLessThan(0.06);
    // Scores have the order of the folds: pairs of one person are those that the answers call so.
    const { scores } = sorted;
    expect(scores?.same).not.toEqual(blocks.pairs.same);
    expect(scores?.identities?.left.map((person, at) => Number(person === scores.identities?.right[at]))).toEqual(
      Int32Array.from(scores?.same ?? []),
    );
    const rightly = rightPairs(scores?.distances ?? first, scores?.same ?? same);
    expect(rightly.reduce((sum, one) => sum + one, 0) / same.length).toBeCloseTo(sorted.arms[0]?.headline ?? 0, 10);
    for (const { pair, same: isSame } of sorted.hardest) expect(isSame).toBe(blocks.pairs.same[pair] === 1);
  });

  test('one network alone is measured, not compared', () => {
    const alone = measure({ ...scored, distances: [first] });
    expect(alone.comparison).toBeUndefined();
    expect(alone.arms).toHaveLength(1);
  });
});

describe('templates', () => {
  test('are read as eval_ijbc.py reads them, at a rate that few pairs can resolve', async () => {
    const { same } = ijb.pairs;
    const [first, second] = [distances(same, 1, 1.6), distances(same, 2, 1)];
    const found = measure({ row: 'ijb-b', rowSource, source: ijb, distances: [first, second] });
    expect(found.far).toBe(0.1);
    const report = templatesReport(rocCurve(first, same));
    expect(found.arms[0]).toMatchObject({
      headline: report.tarAtFar.find(({ far }) => far === 0.1)?.tar,
      auc: report.auc,
    });
    expect(found.arms[0]?.deviation).toBeUndefined();
    expect(found.comparison?.difference).toBeCloseTo(
      (found.arms[1]?.headline ?? 0) - (found.arms[0]?.headline ?? 0),
      12,
    );
    const { pictures, hardest } = await picturesOf(ijb, found.hardest);
    expect(hardest.every(({ left, right }) => Math.max(left, right) * 768 < pictures.images.length)).toBe(true);
  });
});
