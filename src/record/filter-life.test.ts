import { expect, test } from 'vitest';
import { ArmRecord } from './arm-record.ts';
import { filterCurve, filterLife } from './filter-life.ts';

/** Filter 0 dies at 20, is re-activated at 30, dies at 50; filter 1 dies at 20 and recovers at 40 without a check. */
const FLAGS: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 0],
  [1, 1],
  [0, 1],
  [0, 0],
  [1, 0],
];

function lived(): ArmRecord {
  const record = new ArmRecord([1, 1, 1, 2]);
  FLAGS.forEach((inactive, place) => {
    const norms = Float32Array.of(place, 10 - place);
    record.addFilters({
      step: 10 * place,
      norms,
      maxAbs: norms,
      inactive: Uint8Array.from(inactive),
      inactiveShare: 0,
      relativeInactiveShare: 0,
      contributions: Float32Array.of(2 * place, 1),
      unusedShare: 0,
    });
    if (place === 3) record.addReactivation({ step: 30, filters: [0] });
  });
  return record;
}

test('deaths, re-activations and recoveries have their steps', () => {
  expect(filterLife(lived(), 0)).toEqual([
    { kind: 'died', step: 20 },
    { kind: 're-activated', step: 30 },
    { kind: 'died', step: 50 },
  ]);
  expect(filterLife(lived(), 1)).toEqual([
    { kind: 'died', step: 20 },
    { kind: 'recovered', step: 40 },
  ]);
});

test('an earlier step knows nothing later', () => {
  expect(filterLife(lived(), 0, 29)).toEqual([{ kind: 'died', step: 20 }]);
});

test('a curve has the values of its filter alone', () => {
  expect(filterCurve(lived(), 'norms', 1)).toEqual({ steps: [0, 10, 20, 30, 40, 50], values: [10, 9, 8, 7, 6, 5] });
  expect(filterCurve(lived(), 'contributions', 0).values).toEqual([0, 2, 4, 6, 8, 10]);
});

test('a filter that is read as inactive at its check died before it was re-activated', () => {
  const record = new ArmRecord([1, 1, 1, 1]);
  const read = (step: number, inactive: number) => {
    const norms = Float32Array.of(1 - inactive);
    const shares = { inactiveShare: 0, relativeInactiveShare: 0, contributions: norms, unusedShare: 0 };
    record.addFilters({ step, norms, maxAbs: norms, inactive: Uint8Array.of(inactive), ...shares });
  };
  read(0, 0);
  read(10, 1);
  record.addReactivation({ step: 10, filters: [0] });
  read(10, 0);
  expect(filterLife(record, 0)).toEqual([
    { kind: 'died', step: 10 },
    { kind: 're-activated', step: 10 },
  ]);
});
