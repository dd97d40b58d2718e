import { expect, it } from 'vitest';
import { roundTop } from './value-axis.ts';

it.each([
  [0.242, 0.4],
  [0.127, 0.2],
  [0.4, 0.4],
  [1.01, 2],
  [0.0091, 0.01],
  [9, 10],
])('an axis that holds %s ends at %s', (value, top) => {
  expect(roundTop(value)).toBe(top);
});
