import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MEASURED } from './measured-results.ts';

const results = readFileSync('docs/results.md', 'utf8');

/** The last column of a row in the n-th table that has it. */
function lastColumn(row: string, table: number): string | undefined {
  const lines = results.split('\n').filter((line) => line.startsWith(`| ${row} |`));
  return lines[table]?.split('|').at(-2)?.trim();
}

test.each(MEASURED.map((row, table) => ({ row, table })))(
  'the figures of $row.faces are those of docs/results.md',
  ({ row, table }) => {
    expect(lastColumn('inactive, standard', table)).toBe(row.inactive.standard);
    expect(lastColumn('inactive, CRAFT', table)).toBe(row.inactive.craft);
    expect(lastColumn('unused, standard', table)).toBe(row.unused.standard);
    expect(lastColumn('unused, CRAFT', table)).toBe(row.unused.craft);
    expect(lastColumn('held-out accuracy, standard', table)).toBe(row.accuracy.standard);
    expect(lastColumn('held-out accuracy, CRAFT', table)).toBe(row.accuracy.craft);
    expect(lastColumn('accuracy, CRAFT - standard', table)).toBe(row.difference);
    expect(lastColumn('novelty of CRAFT against standard of the other seeds (median)', table)).toBe(row.novelty);
    expect(lastColumn('control: standard against standard of the other seeds', table)).toBe(row.control);
  },
);
