import { expect, test } from 'vitest';
import { missingText, restText, summaryOf } from './align-words.ts';

test('photos without a face are named apart from those that cannot be read', () => {
  const faceless = (path: string) => ({ path, problem: undefined });
  const broken = (path: string) => ({ path, problem: 'is not a readable image' });
  expect(missingText([faceless('wall.png')])).toBe('wall.png: no face found. It is left out.');
  expect(missingText([faceless('wall.png'), broken('cut.jpg'), faceless('sky.png')])).toBe(
    'wall.png, sky.png: no face found. cut.jpg: cannot be read. They are left out.',
  );
  expect(missingText('abcdefg'.split('').map(broken))).toBe(
    'a, b, c, d, e and 2 more: cannot be read. They are left out.',
  );
});

test('the photos that are not shown have one face only where all others are shown', () => {
  expect([restText(1200, true), restText(3, false)]).toEqual(['and 1\u202f200 more, each with one face', 'and 3 more']);
  expect(summaryOf(3, 1, 1)).toBe(
    'Faces found in 3, none in 1. 1 photo holds several: the largest is taken unless you choose another.',
  );
});
