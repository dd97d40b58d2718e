import { expect, it } from 'vitest';
import { benchmarkNamed } from './benchmark-names.ts';

it.each([
  ['lfw.bin', 'LFW'],
  ['lfw/pairs.txt', 'LFW'],
  ['lfw/agedb_30.txt', 'AgeDB-30'],
  ['lfw/pairs_CALFW.txt', 'CALFW'],
  ['CFP-FP', 'CFP-FP'],
  ['lfw/cfp_ff_pairs.txt', undefined],
  ['lfw/pair_SLLFW.txt', undefined],
  ['lfw/xqlfw_pairs.txt', undefined],
  ['pairs.txt', undefined],
])('%s is %s', (path, title) => {
  expect(benchmarkNamed(path)?.title).toBe(title);
});
