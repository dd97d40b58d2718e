import { expect, test } from 'vitest';
import { decayDose } from '../../../config/dose.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../../../config/run-config.ts';
import { doseInWords } from './dose-gauge.tsx';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

/** A constant rate of 0.1 without momentum: a dose of 0.1 times the weight decay a step. */
const FLAT: RunConfig = { ...DEFAULT_CONFIG, schedule: 'constant', warmupSteps: 0, momentum: 0, weightDecay: 0.1 };

test('the dose in words', () => {
  expect(plain(doseInWords({ ...FLAT, steps: 1200 }))).toBe(
    'A weight that gets no gradient shrinks to 1/160 000. First filters can die from about step 360 on.',
  );
  expect(doseInWords({ ...FLAT, steps: 50 })).toBe(
    'A weight that gets no gradient keeps 61 % of its size. In 20 measured runs no filter had died at this dose.',
  );
  expect(doseInWords({ ...FLAT, steps: 330 })).toBe(
    'A weight that gets no gradient shrinks to 1/27. Few measured runs had lost a filter at this dose.',
  );
  expect(plain(doseInWords({ ...FLAT, momentum: 0.99, steps: 1200 }))).toBe(
    'A weight that gets no gradient shrinks to 1/1 000 000 000 or less. First filters can die from about step 4 on.',
  );
  expect(doseInWords({ ...FLAT, criterion: 'relativeNorm', steps: 50 })).toBe(
    'A weight that gets no gradient keeps 61 % of its size. First deaths are measured for “largest |w|” below 0.01, not for this criterion.',
  );
});

test('Small has the dose that its description claims', () => {
  // METHOD: the sum of learning rate times weight decay is 1.2.
  expect(decayDose(DEFAULT_CONFIG).sum).toBeCloseTo(1.2, 1);
});
