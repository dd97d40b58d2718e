import { expect, test } from 'vitest';
import { drawnBenchmark, evaluationOf, primaryNamed } from './evaluation.ts';

test.each([
  ['synthetic:cfp-fp', { name: 'Drawn CFP-FP', data: 'synthetic:cfp-fp' }],
  ['synthetic:other', { name: 'Drawn other', data: 'synthetic:other' }],
  ['a/b/lfw_fold10.bin', { name: 'LFW (lfw_fold10.bin)', data: 'lfw_fold10.bin' }],
  ['data\\IJBC\\', { name: 'IJB-C (IJBC)', data: 'IJBC' }],
  ['data/IJB-C/', { name: 'IJB-C (IJB-C)', data: 'IJB-C' }],
  ['people', { name: 'people', data: 'people' }],
])('%s', (path, evaluation) => {
  expect(evaluationOf(path)).toEqual(evaluation);
});

test('the primary evaluation is named by its name or its file', () => {
  const evaluations = ['synthetic:lfw', 'x/lfw.bin'].map(evaluationOf);
  expect(primaryNamed('lfw.bin', evaluations)).toBe('LFW (lfw.bin)');
  expect(primaryNamed('Drawn LFW', evaluations)).toBe('Drawn LFW');
  expect(primaryNamed('heldout', evaluations)).toBe('heldout');
  expect(drawnBenchmark({ data: 'synthetic:lfw' })).toBe('lfw');
  expect(drawnBenchmark({ data: 'lfw.bin' })).toBeUndefined();
});
