import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noticeText, terminalLine, terminalText } from './outside-text.ts';

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
