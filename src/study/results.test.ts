import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRows, unpackRows } from './packed-rows.ts';
import { CELL_STATES, cellKey, isShare, joinRows, MEASURES, type ResultRow, rowsByCell } from './results.ts';
import { RESULT_COLUMNS, readResultsCsv, resultsCsv } from './results-csv.ts';

const ROW: ResultRow = {
  study: 'small',
  condition: 'blend',
  axes: '',
  seed: 1,
  step: 2400,
  measure: 'accuracy',
  benchmark: 'heldout',
  value: 0.8125,
  pairs: 6000,
  seconds: 61.5,
  engine: 'wasm',
  adapter: 'SIMD',
  state: 'done',
  reason: '',
};

test('the columns are those that Node, page and PyTorch agree on', () => {
  expect(RESULT_COLUMNS.join()).toBe(
    'study,condition,axes,seed,step,measure,benchmark,value,pairs,seconds,engine,adapter,state,reason',
  );
  expect(resultsCsv([ROW]).split('\n')[1]).toBe(
    'small,blend,,1,2400,accuracy,heldout,0.8125,6000,61.5,wasm,SIMD,done,',
  );
});

test('written rows are read back, with any texts', () => {
  // An apostrophe at the start is the sign of a defused formula.
  const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !text.startsWith("'"));
  const row = fc.record({
    study: word,
    condition: word,
    axes: word,
    seed: fc.nat(),
    step: fc.nat(),
    measure: fc.constantFrom(...MEASURES),
    benchmark: word,
    value: fc.double({ noDefaultInfinity: true }).map((value) => value + 0),
    pairs: fc.nat(),
    seconds: fc.double({ noDefaultInfinity: true }).map((value) => value + 0),
    engine: word,
    adapter: word,
    state: fc.constantFrom(...CELL_STATES),
    reason: word,
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const written = rows.map((one) =>
        isShare(one.measure) ? { ...one, value: Math.abs(Math.sin(one.value)) } : one,
      );
      expect(readResultsCsv(resultsCsv(written))).toEqual(written);
      expect(unpackRows(structuredClone(packRows(written)))).toEqual(written);
    }),
  );
});

test('pairs that are not known stay empty, and are no 0', () => {
  const text = resultsCsv([{ ...ROW, pairs: Number.NaN }]);
  expect(text.split('\n')[1]).toBe('small,blend,,1,2400,accuracy,heldout,0.8125,,61.5,wasm,SIMD,done,');
  expect(readResultsCsv(text)).toEqual([{ ...ROW, pairs: Number.NaN }]);
});

test('a cell never is a formula of a spreadsheet', () => {
  const text = resultsCsv([{ ...ROW, state: 'failed', reason: '=HYPERLINK("x")' }]);
  expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  expect(readResultsCsv(text)[0]?.reason).toBe('=HYPERLINK("x")');
});

test('a cell may be long, and quotes without end are read in one go', () => {
  const reason = '"x, '.repeat(100_000);
  expect(readResultsCsv(resultsCsv([{ ...ROW, state: 'failed', reason }]))[0]?.reason).toBe(reason);
  expect(() => readResultsCsv(`"${'""'.repeat(500_000)}x`)).toThrow('lacks the columns');
  expect(() => readResultsCsv('\n'.repeat(2_000_000))).toThrow('would take too much memory: its lines');
});

test('columns may come in another order, and files of Windows are read', () => {
  const [head = '', line = ''] = resultsCsv([ROW]).split('\n');
  const turned = [head, line].map((one) => one.split(',').toReversed().join()).join('\r\n');
  expect(readResultsCsv(`\ufeff${turned}\r\n`)).toEqual([ROW]);
});

test('a file that is none, or a wrong cell, is refused with its place', () => {
  expect(() => readResultsCsv('')).toThrow('lacks the columns study');
  expect(() => readResultsCsv(resultsCsv([ROW]).replace('0.8125', 'high'))).toThrow(
    'Line 2 of results.csv has "high" as value; a number is expected.',
  );
  expect(() => readResultsCsv(resultsCsv([ROW]).replace('done', 'over'))).toThrow('done or failed is expected');
  expect(() => readResultsCsv(resultsCsv([ROW]).replace('0.8125', '81.25'))).toThrow('a share from 0 to 1 is expected');
  expect(() => readResultsCsv(resultsCsv([ROW]).replace('61.5', 'Infinity'))).toThrow('a number is expected');
  expect(() => readResultsCsv(resultsCsv([ROW]).replace('0.8125', ' '))).toThrow('has " " as value; a number');
  expect(() => readResultsCsv(resultsCsv([ROW]).replace(`,${ROW.pairs},`, ',-5,'))).toThrow('has "-5" as pairs');
});

test('a file that a spreadsheet saved is refused with the way to one that can be read', () => {
  const saved = (mark: string) => `\ufeff${resultsCsv([ROW]).replaceAll(',', mark).replaceAll('\n', '\r\n')}`;
  expect(() => readResultsCsv(saved(';').replace('0.8125', '0,8125'))).toThrow('has semicolons between its cells');
  expect(() => readResultsCsv(saved('\t'))).toThrow('has tabs between its cells');
  expect(readResultsCsv(saved(','))).toEqual([ROW]);
  for (const [right, wrong] of [
    ['heldout,0.8125', 'heldout,"0,8125"'],
    ['2400,', '-5,'],
    ['2400,', '2.4,'],
    [',1,', ',-1,'],
  ] as const) {
    expect(() => readResultsCsv(resultsCsv([ROW]).replace(right, wrong))).toThrow('Line 2 of results.csv has');
  }
});

test('joined rows hold each cell once, a finished one before a failed one', () => {
  const failed: ResultRow = { ...ROW, measure: 'run', value: Number.NaN, state: 'failed', reason: 'Memory.' };
  const other: ResultRow = { ...ROW, seed: 2 };
  expect(cellKey(failed)).toBe(cellKey(ROW));
  expect(joinRows([failed, other], [ROW])).toEqual([other, ROW]);
  expect(joinRows([ROW, other], [failed])).toEqual([ROW, other]);
  expect(joinRows([ROW], [{ ...ROW, value: 0.9 }])).toEqual([{ ...ROW, value: 0.9 }]);
});

test('rows of a cell are found wherever they are', () => {
  const other: ResultRow = { ...ROW, seed: 2 };
  const last: ResultRow = { ...ROW, step: 4800 };
  expect([...rowsByCell([ROW, other, last]).values()]).toEqual([[ROW, last], [other]]);
});

test('more seeds or runs than a study has are refused by their number', () => {
  const seeds = Array.from({ length: 1001 }, (_, seed) => ({ ...ROW, seed }));
  expect(() => readResultsCsv(resultsCsv(seeds))).toThrow(
    'This results.csv has 1\u202f001 seeds; at most 1\u202f000 are judged',
  );
  const runs = Array.from({ length: 10_001 }, (_, run) => ({ ...ROW, seed: run % 1000, axes: `width=${run % 101}` }));
  expect(() => readResultsCsv(resultsCsv(runs))).toThrow(
    'This results.csv has 10\u202f001 runs; at most 10\u202f000 are judged',
  );
});

test('two runs of one cell in a file are refused, and lines that are there twice are one', () => {
  const run: ResultRow = { ...ROW, measure: 'run', benchmark: '', value: 2400, pairs: 0 };
  expect(readResultsCsv(resultsCsv([ROW, run, ROW, run]))).toHaveLength(4);
  expect(() => readResultsCsv(resultsCsv([ROW, run, { ...ROW, value: 0.9 }, run]))).toThrow(
    'Lines 2 and 4 of results.csv have two values of one accuracy: 0.8125 and 0.9, of blend with seed 1.',
  );
  // Those of both engines are left out as a seed that both trained.
  expect(readResultsCsv(resultsCsv([ROW, { ...ROW, value: 0.9, engine: 'torch' }]))).toHaveLength(2);
});
