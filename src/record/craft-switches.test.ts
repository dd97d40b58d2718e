import { expect, test } from 'vitest';
import { craftSwitches, offInWords, offSpans } from './craft-switches.ts';

const at = (...switches: readonly (readonly [step: number, enabled: boolean])[]) =>
  switches.map(([step, enabled]) => ({ step, enabled }));

test('the spans without CRAFT', () => {
  expect(offSpans([], 100)).toEqual([]);
  expect(offSpans(at([20, false], [50, true]), 100)).toEqual([{ from: 20, to: 50 }]);
  expect(offSpans(at([20, false], [50, true], [70, false]), 100)).toEqual([
    { from: 20, to: 50 },
    { from: 70, to: 100 },
  ]);
  // The first switch of a run that began without CRAFT turns it on.
  expect(offSpans(at([30, true]), 100)).toEqual([{ from: 0, to: 30 }]);
  // On again before a step was trained: nothing was off.
  expect(offSpans(at([20, false], [20, true]), 100)).toEqual([]);
});

test('in words', () => {
  expect(offInWords(at([777, false]), 2400, String)).toBe('off from step 777');
  expect(offInWords(at([777, false], [1010, true]), 2400, String)).toBe('off from step 777 to 1010');
  expect(offInWords([], 2400, String)).toBe('');
});

test('of the CRAFT arm alone', () => {
  const event = { type: 'craft-switched', step: 5, enabled: false } as const;
  expect(
    craftSwitches([
      { ...event, arm: 'craft' },
      { ...event, arm: 'random' },
    ]),
  ).toEqual([{ step: 5, enabled: false }]);
});
