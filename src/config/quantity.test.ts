import { expect, test } from 'vitest';
import { formatDuration, formatNumber } from './quantity.ts';

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ');

test('numbers are grouped by thousands, their decimals are not', () => {
  expect([2400, 1_000_000, 12, 0.0005, -1725.1234, 1e-7].map(formatNumber).map(plain)).toEqual([
    '2 400',
    '1 000 000',
    '12',
    '0.0005',
    '-1 725.1234',
    '1e-7',
  ]);
});

test('durations use the unit that says enough', () => {
  expect([0, 21_600, 89_000, 200_000, 7_800_000].map(formatDuration).map(plain)).toEqual([
    '0 s',
    '22 s',
    '89 s',
    '3 min',
    '2 h 10 min',
  ]);
});
