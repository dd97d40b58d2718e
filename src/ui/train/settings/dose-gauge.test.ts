import { expect, test } from 'vitest';
import { decayDose } from '../../../config/dose.ts';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import { doseInWords } from './dose-gauge.tsx';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

test('the dose in words', () => {
  expect(plain(doseInWords(Math.exp(-12), 478, 2400))).toBe(
    'A weight that gets no gradient shrinks to 1/160 000. First filters can die from about step 480 on.',
  );
  expect(doseInWords(Math.exp(-0.5), undefined, 2400)).toBe(
    'A weight that gets no gradient keeps 61 % of its size. No filter can die at this dose.',
  );
  expect(plain(doseInWords(Math.exp(-60), 7, 2400))).toBe(
    'A weight that gets no gradient shrinks to 1/1 000 000 000 or less. First filters can die from about step 7 on.',
  );
});

test('Small has the dose that its description claims', () => {
  // METHOD: the sum of learning rate times weight decay is 1.2.
  expect(decayDose(DEFAULT_CONFIG).sum).toBeCloseTo(1.2, 1);
});
