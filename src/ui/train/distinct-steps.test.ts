import { expect, test } from 'vitest';
import { distinctSteps } from './distinct-steps.ts';

test('steps that fall on one pixel are drawn once, others all', () => {
  expect(distinctSteps([0, 4, 9, 10, 10, 55, 99, 100], 100, 10)).toEqual([0, 10, 55, 99, 100]);
  const many = Array.from({ length: 10_000 }, (_, step) => step);
  expect(distinctSteps(many, 10_000, 250)).toHaveLength(250);
  expect(distinctSteps([120, 240, 360], 2400, 300)).toEqual([120, 240, 360]);
});
