import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BENCHMARK_NAMES, type SyntheticBenchmark, syntheticBenchmark } from './benchmarks.ts';
import { FacePainter } from './face-painter.ts';
import { drawIdentity } from './identity.ts';
import { drawNuisance } from './nuisance.ts';
import { drawPerson } from './person.ts';
import type { Variation } from './variation.ts';

// Who is compared with whom is tested here; the pictures, which take most of the time, in population.test.ts.
beforeAll(() => vi.spyOn(FacePainter.prototype, 'paint').mockImplementation(() => {}));
afterAll(() => vi.restoreAllMocks());

const drawn = new Map<Variation, Promise<SyntheticBenchmark>>();

/** Each benchmark is drawn once for all tests. */
function draw(variation: Variation): Promise<SyntheticBenchmark> {
  const benchmark =
    drawn.get(variation) ?? syntheticBenchmark({ variation, seed: 2, pairs: 60, size: 16, region: 'tight' });
  drawn.set(variation, benchmark);
  return benchmark;
}

describe('synthetic benchmarks', () => {
  it('bear names of their own', () => {
    for (const name of Object.values(BENCHMARK_NAMES)) expect(name.startsWith('Drawn ')).toBe(true);
  });

  it.each(['lfw', 'cfp-fp', 'agedb-30', 'calfw', 'cplfw', 'hadrian', 'eclipse'] as const)(
    '%s: ten balanced folds of people of their own',
    async (variation) => {
      const benchmark = await draw(variation);
      if (benchmark.kind !== 'pairs') throw new Error('pairs were expected');
      const { faces, pairs } = benchmark;
      expect(pairs.same).toHaveLength(60);
      expect(pairs.distinct).toBe(60);
      const foldOf = new Map<number, number>();
      for (let pair = 0; pair < 60; pair++) {
        const fold = Math.floor(pair / 6);
        const left = faces.labels[pairs.left[pair] ?? 0] ?? -1;
        const right = faces.labels[pairs.right[pair] ?? 0] ?? -1;
        expect(left === right).toBe(pairs.same[pair] === 1);
        expect(pairs.left[pair]).not.toBe(pairs.right[pair]);
        for (const person of [left, right]) {
          expect(foldOf.get(person) ?? fold).toBe(fold);
          foldOf.set(person, fold);
        }
      }
      for (let fold = 0; fold < 10; fold++) {
        expect(pairs.same.subarray(fold * 6, fold * 6 + 6).reduce((sum, same) => sum + same, 0)).toBe(3);
      }
    },
  );

  it('compare frontal with profile faces, and young with old ones', async () => {
    const photo = (image: number, variation: Variation) =>
      drawNuisance(2, 'test', Math.floor(image / 6), image % 6, variation);
    const profile = await draw('cfp-fp');
    const aged = await draw('agedb-30');
    if (profile.kind !== 'pairs' || aged.kind !== 'pairs') throw new Error('pairs were expected');
    for (let pair = 0; pair < 60; pair++) {
      expect(Math.abs(photo(profile.pairs.left[pair] ?? 0, 'cfp-fp').yaw)).toBeLessThan(0.4);
      expect(Math.abs(photo(profile.pairs.right[pair] ?? 0, 'cfp-fp').yaw)).toBeGreaterThan(1);
      const gap =
        photo(aged.pairs.right[pair] ?? 0, 'agedb-30').years - photo(aged.pairs.left[pair] ?? 0, 'agedb-30').years;
      expect(Math.abs(gap - 30)).toBeLessThan(11);
    }
  });

  it('Hadrian compares a man with and without his beard, Eclipse dark with bright photos; others on one side', async () => {
    for (const variation of ['hadrian', 'eclipse'] as const) {
      const benchmark = await draw(variation);
      if (benchmark.kind !== 'pairs') throw new Error('pairs were expected');
      const { left, right, same } = benchmark.pairs;
      for (let pair = 0; pair < 60; pair++) {
        const [a, b] = [left, right].map((images) => {
          const image = images[pair] ?? 0;
          return drawNuisance(2, 'test', Math.floor(image / 6), image % 6, variation);
        });
        if (a === undefined || b === undefined) throw new Error('two photos were expected');
        if (variation === 'hadrian') {
          const man = drawPerson(2, 'test', Math.floor((left[pair] ?? 0) / 6), variation);
          expect(man.sex >= 0.5 && Math.min(man.beard, man.moustache, man.goatee, man.sideBeard) >= 0.5).toBe(true);
        }
        const differ = variation === 'hadrian' ? a.beardWorn !== b.beardWorn : a.mean < 0.3 !== b.mean < 0.3;
        expect(differ).toBe(same[pair] === 1);
      }
    }
  });

  it('CALFW and CPLFW set people of one sex and like skin against each other', async () => {
    for (const variation of ['calfw', 'cplfw'] as const) {
      const benchmark = await draw(variation);
      if (benchmark.kind !== 'pairs') throw new Error('pairs were expected');
      const { pairs, faces } = benchmark;
      let alike = 0;
      let negatives = 0;
      for (let pair = 0; pair < 60; pair++) {
        if (pairs.same[pair] === 1) continue;
        const left = drawIdentity(2, 'test', faces.labels[pairs.left[pair] ?? 0] ?? 0);
        const right = drawIdentity(2, 'test', faces.labels[pairs.right[pair] ?? 0] ?? 0);
        negatives++;
        alike += left.sex > 0.5 === right.sex > 0.5 ? 1 : 0;
      }
      expect(alike / negatives).toBeGreaterThan(0.85);
    }
  });

  it('IJB-B and IJB-C compare templates of several media', async () => {
    for (const variation of ['ijb-b', 'ijb-c'] as const) {
      const benchmark = await draw(variation);
      if (benchmark.kind !== 'templates') throw new Error('templates were expected');
      const { faces, templates, media, scores, left, right, same } = benchmark;
      expect(templates).toHaveLength(faces.labels.length);
      const personOf = new Map<number, number>();
      const mediaOf = new Map<number, Set<number>>();
      for (let image = 0; image < templates.length; image++) {
        const template = templates[image] ?? -1;
        expect(personOf.get(template) ?? faces.labels[image]).toBe(faces.labels[image]);
        personOf.set(template, faces.labels[image] ?? -1);
        mediaOf.set(template, (mediaOf.get(template) ?? new Set()).add(media[image] ?? -1));
        expect(scores[image]).toBeGreaterThan(0);
        expect(scores[image]).toBeLessThanOrEqual(1);
      }
      for (const of of mediaOf.values()) expect(of.size).toBe(variation === 'ijb-b' ? 2 : 3);
      for (let pair = 0; pair < same.length; pair++) {
        expect(left[pair]).not.toBe(right[pair]);
        expect(personOf.get(left[pair] ?? -1) === personOf.get(right[pair] ?? -1)).toBe(same[pair] === 1);
      }
    }
  });
});
