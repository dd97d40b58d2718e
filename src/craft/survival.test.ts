import { expect, test } from 'vitest';
import { survival } from './survival.ts';

test('counts who is still active at the next check and at the end', () => {
  const lives = survival(
    [
      { step: 10, filters: [0, 1, 2, 3] },
      { step: 20, filters: [0] },
      { step: 30, filters: [] },
    ],
    5,
    Uint8Array.of(0, 1, 1, 0, 1),
  );
  expect(lives.checks).toEqual([
    { step: 10, reactivated: 4, atNextCheck: 0.75, atEnd: 0.5 },
    { step: 20, reactivated: 1, atNextCheck: 1, atEnd: 1 },
  ]);
  expect(lives.atNextCheck).toBe(4 / 5);
  expect(lives.atEnd).toBe(3 / 5);
  expect([...lives.reactivations]).toEqual([2, 1, 1, 1, 0]);
});

test('says nothing about checks that have not happened yet', () => {
  const lives = survival([{ step: 10, filters: [1] }], 2);
  expect(lives.checks).toEqual([{ step: 10, reactivated: 1, atNextCheck: undefined, atEnd: undefined }]);
  expect(lives.atEnd).toBeUndefined();
});

test('a skipped check counts deaths only where it names the filters', () => {
  const first = { step: 10, filters: [0, 1] };
  const skipped = { step: 20, filters: [], skipped: 'too-few-active' };
  expect(survival([first, skipped], 2).atNextCheck).toBeUndefined();
  expect(survival([first, { ...skipped, inactive: [1] }], 2).atNextCheck).toBe(0.5);
});

test('comes with the share that decay alone would leave active', () => {
  const largest = new Map([
    [10, [0.09, 0.03, 0.02]],
    [20, [0.05]],
  ]);
  const lives = survival(
    [
      { step: 10, filters: [0, 1, 2] },
      { step: 20, filters: [2] },
      { step: 30, filters: [] },
    ],
    3,
    Uint8Array.of(0, 0, 0),
    // A tenth of the weight is left after 20 steps.
    {
      epsilon: 0.01,
      shrink: (from, to) => 0.1 ** ((to - from) / 20),
      largest: ({ step }) => largest.get(step) ?? [],
      end: 30,
    },
  );
  // 0.316 of a weight is left after 10 steps: 0.028 and 0.016 are active, 0.0095 and 0.006 are not.
  expect(lives.byDecayAlone?.atNextCheck).toBe(2 / 4);
  // At the end 0.009 is inactive too.
  expect(lives.byDecayAlone?.atEnd).toBe(1 / 4);
});
