import { expect, test } from 'vitest';
import { readProperty } from './property.ts';

test('reads one line, or two with the number of images', () => {
  expect(readProperty('10575,112,112')).toEqual({ identities: 10575, height: 112, width: 112, images: undefined });
  expect(readProperty('10, 112, 96\r\n140\n')).toEqual({ identities: 10, height: 112, width: 96, images: 140 });
});

test.each(['', ' \n', '10', '10;112;112', 'a,b,c', '-1,112,112', '1e9,112,112', '10,112,112,3'])(
  'refuses %j',
  (text) => {
    expect(() => readProperty(text)).toThrow(expect.objectContaining({ name: 'FormatProblem' }));
  },
);
