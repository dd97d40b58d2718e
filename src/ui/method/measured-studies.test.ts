import { expect, test } from 'vitest';
import { exampleSummary } from '../../study/testing/example-summary.ts';
import { factsOf, linesOf, noveltyOf } from './measured-studies.ts';

const summary = exampleSummary();

test('a study is a line a condition, with the numbers of its summary', () => {
  const [standard, blend, random, ...others] = linesOf(summary);
  expect(others).toEqual([]);
  expect(standard).toMatchObject({ condition: 'standard', seeds: 12, difference: '', chance: '', claimed: false });
  expect(standard?.inactive).toBe('41.0 % [40.5, 41.5]');
  expect(blend).toMatchObject({
    condition: 'blend',
    inactive: '21.0 % [20.5, 21.5]',
    difference: '+1.00 [+0.87, +1.13]',
    chance: '0.00049 (primary)',
    claimed: true,
  });
  expect(random).toMatchObject({ difference: '0.00 [−0.13, +0.13]', claimed: false });
  expect(random?.chance).toMatch(/^1\.00, Holm 1\.00$/);
});

test('equal differences are shown without an interval', () => {
  const comparisons = summary.comparisons.map((one) => ({ ...one, deviation: 0 }));
  expect(linesOf({ ...summary, comparisons })[1]?.difference).toBe('+1.00 in every seed');
});

test('its facts hold the number of seeds and pairs, and its novelty the control', () => {
  expect(factsOf(summary)).toMatch(/^12 seeds, 40 people \(people\), 100 steps, 6\s000 held-out pairs$/);
  expect(factsOf({ ...summary, interim: true, complete: 8 })).toContain('8 of 12 seeds so far');
  expect(noveltyOf(summary)).toMatch(
    /^New patterns of blend: a hint in this recipe, not established; .* 0\.306 against the control’s 0\.250, .* 12 seeds\. The seeds share their Standard networks, so the interval is too narrow\.$/,
  );
  const [blend] = summary.novelty;
  const control = blend === undefined ? [] : [{ ...blend, condition: 'random', mean: 0.4 }];
  const beside = noveltyOf({ ...summary, novelty: [...control, ...summary.novelty] });
  expect(beside).toMatch(
    /^New patterns of blend: .* 12 seeds\. Novelty of the other conditions: random 0\.400\. The seeds/,
  );
  const few = summary.novelty.map((one) => ({ ...one, seeds: 5 }));
  expect(noveltyOf({ ...summary, novelty: few })).toContain('not shown beyond another seed');
  expect(noveltyOf({ ...summary, novelty: [] })).toBeUndefined();
});
