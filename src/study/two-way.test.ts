import { expect, test } from 'vitest';
import { analyse } from './analysis.ts';
import { type CellScores, readScoresFile } from './cell-scores.ts';
import { studyOfOnePerson } from './testing/one-person.ts';
import { twoWayOf } from './two-way.ts';

test('networks that were scored on other pairs are not resampled together', () => {
  const { plan, rows, scores } = studyOfOnePerson();
  const comparison = analyse(plan, rows).comparisons.find(({ outcome }) => outcome.measure === 'accuracy');
  if (comparison === undefined) throw new Error('The accuracy is not compared.');
  const interval = (change: (id: string, own: CellScores) => CellScores) =>
    twoWayOf(plan, comparison, ({ id }, benchmark) => {
      const file = scores.get(id);
      const own = file && readScoresFile(file, benchmark);
      return own && change(id, own);
    });
  expect(interval((_, own) => own)).toHaveLength(2);
  const fewer = (own: CellScores) => ({ ...own, same: own.same.slice(20), distances: own.distances.slice(20) });
  expect(interval((id, own) => (id === '3-standard' ? fewer(own) : own))).toBeUndefined();
  const turned = (own: CellScores) => ({ ...own, same: own.same.map((answer) => 1 - answer) });
  expect(interval((id, own) => (id === '3-blend' ? turned(own) : own))).toBeUndefined();
});
