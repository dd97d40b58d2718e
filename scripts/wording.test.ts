import { expect, it } from 'vitest';
import { wordingOf } from './wording.ts';

it('names the line, the word and a plainer one', () => {
  expect(wordingOf('Training resumes.\nThe run Goes on by itself.')).toEqual([
    '2: "Goes on": resume, continue, or name the event',
    '2: "by itself": alone, automatically',
  ]);
});

it('knows words only as a whole, and each of its kinds', () => {
  expect(wordingOf('Standard outstanding; ongoing; untold; goOn; not once')).toEqual([]);
  const translated = ['go on', 'is told', 'it stood', 'by themselves', 'so much', 'at once', 'whoever', 'under way'];
  for (const words of translated) expect(wordingOf(words)).toHaveLength(1);
});

it('knows free relatives from questions and from names in code', () => {
  for (const words of ['/** What a run holds. */', 'It says what is wrong.', 'The page tells its state.', 'was told']) {
    expect([words, wordingOf(words).length]).toEqual([words, 1]);
  }
  const code = ['({ what }) => what)', 'what: 3,', 'one.what,', "'$what'", 'id="what-dies"'];
  for (const words of [
    ...code,
    'What is a filter?',
    'They cannot be told apart.',
    'How well does it tell people apart?',
  ]) {
    expect([words, wordingOf(words)]).toEqual([words, []]);
  }
});

it('knows sizes written with an x, and not with a ×', () => {
  for (const size of ['112 x 112 px', `\${width} x \${height}`, `3 x \${rows}`, '112×112', `\${a}×\${b}`]) {
    expect([size, wordingOf(size).length > 0]).toEqual([size, true]);
  }
  for (const other of ['112 × 112', 'size=112x112', '0x20', 'f32x4', "template: 'ArcFace 112 x 112, five points'"]) {
    expect([other, wordingOf(other)]).toEqual([other, []]);
  }
});
