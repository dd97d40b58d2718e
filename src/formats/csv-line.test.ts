import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvLine, textOfCsvCell } from './csv-line.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\uff1d1', '=HYPERLINK("https://x.example")'])(
  'a spreadsheet takes %j for text, not for a formula',
  (text) => {
    expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  },
);

test.each([
  ['a;=1+1', "a;'=1+1"],
  ['a\t@x', "a\t'@x"],
  ['a\n-1;+2', `"a\n'-1;'+2"`],
  ['a;b = 1', 'a;b = 1'],
])('%j begins no formula where another mark parts the cells', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('the text of a cell is read back as it was', () => {
  const sign = fc.constantFrom(...'=+-@\uff1d;\t\r\n a');
  fc.assert(
    fc.property(fc.array(sign), (signs) => {
      const quoted = csvCell(signs.join(''));
      const cell = quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted;
      expect(textOfCsvCell(cell)).toBe(signs.join(''));
    }),
  );
});

test('numbers keep their sign, and a missing number is an empty cell', () => {
  expect(csvLine([-0.5, 12, undefined, true, 'lfw'])).toBe('-0.5,12,,true,lfw');
});

test('commas, quotes and line ends stay in their cell', () => {
  expect(csvLine(['a,b', 'say "so"', 'two\nlines'])).toBe('"a,b","say ""so""","two\nlines"');
});

test('nothing in a cell can end it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const cell = csvCell(text);
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      if (/[",\r\n]/.test(cell)) expect(cell).toMatch(/^"(?:[^"]|"")*"$/);
    }),
  );
});
