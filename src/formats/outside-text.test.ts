import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvLine, noticeText, terminalLine, terminalText, textOfCsvCell } from './outside-text.ts';

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

test('a terminal obeys nothing: escape sequences are written out', () => {
  expect(terminalText('\u001b]0;owned\u0007\u001b[2Jname.zip')).toBe('\\x1b]0;owned\\x07\\x1b[2Jname.zip');
  expect(terminalText('\u202egpj.exe')).toBe('\\u202egpj.exe');
  expect(terminalText('two\r\nlines\tand a tab, ü and 𝕏')).toBe('two\nlines\tand a tab, ü and 𝕏');
  expect(terminalText('over\rwritten')).toBe('over\\x0dwritten');
  expect(terminalText('a\u2028b\u061cc')).toBe('a\\u2028b\\u061cc');
  expect(terminalLine('photo\nstandard: 0 % inactive')).toBe('photo\\x0astandard: 0 % inactive');
});

test('no control character reaches a terminal, from any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
      expect(terminalText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    }),
  );
});

test('a notice is cut at a length, also when it was made of two million characters', () => {
  expect(noticeText('short, and\n in one  line')).toBe('short, and in one line');
  const cut = noticeText('x'.repeat(2_300_000));
  expect(cut).toHaveLength(400);
  expect(cut.endsWith('…')).toBe(true);
  expect(noticeText('word '.repeat(30), 20)).toBe('word word word word…');
});
