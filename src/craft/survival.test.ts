import { expect, test } from 'vitest';
import { survival } from './survival.ts';

test('counts who is still active at the next check and at the end', () => {
  const told = survival(
    [
      { step: 10, filters: [0, 1, 2, 3] },
      { step: 20, filters: [0] },
      { step: 30, filters: [] },
    ],
    5,
    Uint8Array.of(0, 1, 1, 0, 1),
  );
  expect(told.checks).toEqual([
    { step: 10, reactivated: 4, atNextCheck: 0.75, atEnd: 0.5 },
    { step: 20, reactivated: 1, atNextCheck: 1, atEnd: 1 },
  ]);
  expect(told.atNextCheck).toBe(4 / 5);
  expect(told.atEnd).toBe(3 / 5);
  expect([...told.reactivations]).toEqual([2, 1, 1, 1, 0]);
});

test('says nothing of what has not happened yet', () => {
  const told = survival([{ step: 10, filters: [1] }], 2);
  expect(told.checks).toEqual([{ step: 10, reactivated: 1, atNextCheck: undefined, atEnd: undefined }]);
  expect(told.atEnd).toBeUndefined();
});

test('a skipped check tells who died only where it names them', () => {
  const first = { step: 10, filters: [0, 1] };
  const skipped = { step: 20, filters: [], skipped: 'too-few-active' };
  expect(survival([first, skipped], 2).atNextCheck).toBeUndefined();
  expect(survival([first, { ...skipped, inactive: [1] }], 2).atNextCheck).toBe(0.5);
});
