import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { bytesInWords, differenceFromNow, keptInWords, runTitle, sizeInWords, whenInWords } from './run-words.ts';

const now = new Date(2026, 10, 25, 15, 30).getTime();
const at = (...date: readonly [number, number, number, number, number]) => new Date(...date).getTime();

test('when a run began is said as a person says it', () => {
  expect(whenInWords(at(2026, 10, 25, 14, 2), now)).toBe('14:02 today');
  expect(whenInWords(at(2026, 10, 24, 23, 59), now)).toBe('yesterday 23:59');
  expect(whenInWords(at(2026, 10, 19, 8, 0), now)).toBe('19 November');
  expect(whenInWords(at(2025, 10, 19, 8, 0), now)).toBe('19 November 2025');
  expect(runTitle({ name: 'Strong decay', startedAt: now })).toBe('Strong decay');
});

test('a run is described by its size, its step and its differences', () => {
  const config = { ...DEFAULT_CONFIG, steps: 2400 };
  expect(sizeInWords({ config, step: 2400, end: 'completed' })).toBe('32 filters, 2\u202f400 steps');
  expect(sizeInWords({ config, step: 900, end: 'stopped' })).toBe('32 filters, stopped at step 900 of 2\u202f400');
  expect(sizeInWords({ config, step: 900, end: 'open' })).toBe('32 filters, step 900 of 2\u202f400');
  expect(differenceFromNow(config, config)).toBe('Same settings as now');
  expect(differenceFromNow({ ...config, seed: 2 }, config)).toBe('Same as now, but seed 2 instead of 1');
});

test('storage is given in round numbers', () => {
  expect([900, 1.44e6, 34.4e6, 2.1e9].map(bytesInWords)).toEqual([
    '0.9\u00a0kB',
    '1.4\u00a0MB',
    '34\u00a0MB',
    '2.1\u00a0GB',
  ]);
  expect(keptInWords([{ bytes: 2e7 }, { bytes: 1e7 }])).toBe('2 kept in this browser, 30\u00a0MB.');
  expect(keptInWords([])).toBe('');
});
