import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSummary, type StudySummary } from '../src/study/summary.ts';
import { exampleSummary } from '../src/study/testing/example-summary.ts';
import { withStudies } from './study-results.ts';

const results = readFileSync('docs/results.md', 'utf8');

test('the tables of docs/results.md are those of docs/data/studies', () => {
  const data = 'docs/data/studies';
  const names = existsSync(data) ? readdirSync(data).sort() : [];
  const summaries = names.map((name): StudySummary => {
    const summary = readSummary(JSON.parse(readFileSync(join(data, name, 'summary.json'), 'utf8')));
    expect(summary.study).toBe(name);
    return summary;
  });
  expect(withStudies(results, summaries)).toBe(results);
});

test('a study is written with its command, and written again nothing changes', () => {
  const study = { ...exampleSummary(), study: 'decay-drop' };
  const text = withStudies(results, [study]);
  expect(text).toContain('## Studies\n\n### decay-drop\n\n`npm run study -- studies/decay-drop.json --faces PATH');
  expect(text).toContain(' --data lfw.bin --out DIR`');
  expect(text).toContain('| accuracy, held-out pairs (primary) | blend | 12 |');
  expect(withStudies(text, [study])).toBe(text);
  expect(withStudies(text, [])).toBe(withStudies(results, []));
  expect(() => withStudies('# Other', [])).toThrow('has no part for studies');
});
