import { describe, expect, test } from 'vitest';
import { readIjbImages, readIjbLandmarks, readIjbPairs } from './ijb-meta.ts';
import { bytesOf } from './testing/pickles.ts';

test('images, pairs and landmarks become columns', () => {
  expect(readIjbImages(bytesOf('1.jpg 1 69544\n2.jpg 1 0\n'))).toEqual({
    names: ['1.jpg', '2.jpg'],
    templates: Int32Array.of(1, 1),
    media: Int32Array.of(69544, 0),
  });
  // No line feed at the end, and Windows line ends.
  expect(readIjbPairs(bytesOf('1 11065 1\r\n2 11066 0'))).toEqual({
    left: Int32Array.of(1, 2),
    right: Int32Array.of(11065, 11066),
    same: Uint8Array.of(1, 0),
  });
  const found = readIjbLandmarks(bytesOf('1.jpg 1 2 3 4 5 6 7 8 9 10.5 0.25\n'));
  expect([...found.points]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10.5]);
  expect([...found.scores]).toEqual([0.25]);
});

describe('a bad line is named', () => {
  test.each([
    ['an entry missing', () => readIjbPairs(bytesOf('1 2 0\n1 2\n')), 1],
    ['a blank line', () => readIjbPairs(bytesOf('1 2 0\n\n1 2 0\n')), 1],
    ['an answer of 2', () => readIjbPairs(bytesOf('1 2 2\n')), 0],
    ['a template that is no number', () => readIjbImages(bytesOf('a.jpg x 1\n')), 0],
    ['a template beyond 32 bits', () => readIjbImages(bytesOf('a.jpg 4294967296 1\n')), 0],
    ['a landmark that is no number', () => readIjbLandmarks(bytesOf('a 1 2 3 4 5 6 7 8 9 NaN 1\n')), 0],
  ])('%s', (_, read, record) => {
    expect(read).toThrow(expect.objectContaining({ code: 'wrong-format', place: { record } }));
  });

  test('an empty list', () => {
    expect(() => readIjbImages(new Uint8Array(0))).toThrow(expect.objectContaining({ code: 'empty-file' }));
  });
});
