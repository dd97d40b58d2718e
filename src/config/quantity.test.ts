import { expect, test } from 'vitest';
import { formatDuration, formatEstimate, formatExponential, formatFixed, formatNumber, numberIn } from './quantity.ts';

const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ');

test('numbers are grouped by thousands, their decimals are not', () => {
  expect([2400, 1_000_000, 12, 0.0005, -1725.1234, 1e-7].map(formatNumber).map(plain)).toEqual([
    '2 400',
    '1 000 000',
    '12',
    '0.0005',
    '−1 725.1234',
    '1e−7',
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

test('an estimate is as round as it is unsure', () => {
  const seconds = [1, 22, 54, 58, 200, 1700, 3500, 5400, 35_000, 230_000, 700_000, 9e6];
  expect(seconds.map((count) => plain(formatEstimate(1000 * count)))).toEqual([
    'about 5 s',
    'about 20 s',
    'about 55 s',
    'about 1 min',
    'about 3 min',
    'about 30 min',
    'about 1 h',
    'about 1.5 h',
    'about 9.5 h',
    'about 64 h',
    'about 8 days',
    'over 60 days',
  ]);
});

test('a typed number counts with and without groups, and with either minus; an ambiguous one is refused', () => {
  expect(
    ['2 400', '2400', formatNumber(1_000_000), '-0.5', '−3', ' 1e-3 ', formatNumber(-1.5e-7)].map(numberIn),
  ).toEqual([2400, 2400, 1_000_000, -0.5, -3, 0.001, -1.5e-7]);
  expect(['', ' ', '1,000', 'many'].map(numberIn)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
});

test('negative numbers have a minus sign, not a hyphen', () => {
  expect([formatFixed(-0.204, 2), formatFixed(0.5, 1)]).toEqual(['−0.20', '0.5']);
  expect([formatExponential(-1.62e-6, 1), formatNumber(-1.5e-7)]).toEqual(['−1.6e−6', '−1.5e−7']);
});
