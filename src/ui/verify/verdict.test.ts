import { describe, expect, test } from 'vitest';
import { columnsOf } from './columns.ts';
import type { PointsDifference } from './table-rows.ts';
import { networkSummary } from './testing/results.ts';
import { verdictOf } from './verdict.ts';

const RUN = columnsOf([networkSummary(), networkSummary({ id: 'run/1/craft', arm: 'craft', name: 'CRAFT' })]);

/** Differences as signed points; those with a mark are claimed. */
function differences(...marked: readonly string[]): readonly PointsDifference[] {
  return marked.map((text) => {
    const value = Number(text.replace('!', ''));
    const claimed = text.endsWith('!');
    return { value, low: value - 1, high: value + 1, claimed, chance: 0.01 };
  });
}

function headline(...marked: readonly string[]): string {
  return verdictOf(RUN, differences(...marked), { filled: marked.length, asked: marked.length }).headline;
}

describe('the verdict by rule', () => {
  test.each([
    [['1!', '2!', '1', '1!', '0.2', '3!', '1'], 'Clear differences on 4 of 7 benchmarks: CRAFT is ahead'],
    [['1!', '-2', '1'], 'A clear difference on 1 of 3 benchmarks: CRAFT is ahead'],
    [['-1!', '-2', '1'], 'A clear difference on 1 of 3 benchmarks: Standard is ahead'],
    [['1', '2', '-1'], 'No clear difference on any of 3 benchmarks'],
    [['1', '2', '-1', '0', '0', '1', '2'], 'No clear difference on any of 7 benchmarks'],
    [['0.4'], 'No clear difference on this benchmark'],
    [['2!'], 'A clear difference on this benchmark: CRAFT is ahead'],
    // Differences that are not clear count for nobody.
    [['-2!', '0.1', '0.1', '0.1'], 'A clear difference on 1 of 4 benchmarks: Standard is ahead'],
    [['-2!', '3!', '1'], 'Clear differences on 2 of 3 benchmarks: Standard is ahead on 1, CRAFT is ahead on 1'],
  ])('%j', (marked, expected) => {
    expect(headline(...marked)).toBe(expected);
  });

  test('says so while rows are still to come, and whose networks they are', () => {
    const { headline: said, detail } = verdictOf(RUN, differences('1'), { filled: 1, asked: 7 });
    expect(said).toBe('No clear difference on this benchmark so far');
    expect(detail).toMatch(/^Your run, step 2\u202f400, one seed\. Clear: the paired t-test/);
  });

  test('one network alone is not compared', () => {
    const alone = columnsOf([networkSummary({ arm: 'craft', name: 'CRAFT' })]);
    expect(verdictOf(alone, [], { filled: 7, asked: 7 })).toEqual({
      headline: 'CRAFT on 7 benchmarks',
      detail: 'Your run, step 2\u202f400, one seed.',
    });
  });
});

describe('columns', () => {
  test('an arm alone keeps its sign; two models get one each', () => {
    expect(columnsOf([networkSummary({ arm: 'craft' })]).map(({ mark }) => mark)).toEqual(['craft']);
    const { arm: _arm, ...model } = networkSummary({ id: 'file/1', name: 'a.onnx', detail: 'ONNX' });
    const models = columnsOf([model, { ...model, id: 'file/2' }]);
    expect(models.map(({ name, mark }) => [name, mark])).toEqual([
      ['a.onnx', 'standard'],
      ['a.onnx (2)', 'craft'],
    ]);
  });

  test('an arm beside a model says whose it is', () => {
    const { arm: _arm, ...model } = networkSummary({ id: 'file/2', name: 'b.onnx', detail: 'ONNX' });
    const craft = networkSummary({ id: 'file/1/craft', arm: 'craft', detail: 'run.zip' });
    expect(columnsOf([craft, model]).map(({ name }) => name)).toEqual(['CRAFT of run.zip', 'b.onnx']);
  });
});
