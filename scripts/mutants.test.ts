import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mutated } from './mutants/copy.ts';
import { MUTANTS } from './mutants/table.ts';

test('every mutant still fits its file, and names a test that is there', () => {
  expect(MUTANTS.length).toBeGreaterThan(50);
  for (const mutant of MUTANTS) {
    const source = readFileSync(mutant.file, 'utf8');
    expect(mutated(source, mutant), mutant.breaks).not.toBe(source);
    expect(readFileSync(mutant.test, 'utf8')).not.toBe('');
  }
});

test('a search text that is not found exactly once is refused', () => {
  const mutant = { file: 'a.ts', search: 'x', replace: '$&', breaks: 'all', test: 'a.test.ts' };
  expect(mutated('(x)', mutant)).toBe('($&)');
  expect(() => mutated('x x', mutant)).toThrow('found 2 times');
  expect(() => mutated('y', mutant)).toThrow('found 0 times');
});
