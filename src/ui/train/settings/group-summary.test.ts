import { expect, test } from 'vitest';
import { NO_FACES } from '../../../client/faces-state.ts';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import { facesSummary } from './group-summary.ts';

const own = { ...DEFAULT_CONFIG, faces: 'own' } as const;
const trained = { name: 'department.zip', identities: 24, images: 480 };

test('a run on own faces never says that it trains on synthetic ones', () => {
  // The next run would train on synthetic ones.
  const opened = { config: own, restingFrom: { config: own, step: 40, arms: [] }, faces: trained };
  expect(facesSummary(DEFAULT_CONFIG, NO_FACES, opened)).toBe('department.zip · 24 people, 480 photos');
  expect(facesSummary(DEFAULT_CONFIG, NO_FACES, { ...opened, faces: undefined })).toBe('Your own, none dropped yet');
  expect(facesSummary(DEFAULT_CONFIG, NO_FACES, { ...opened, restingFrom: undefined })).toMatch(/^Synthetic · /);
  expect(facesSummary(own, NO_FACES)).toBe('Your own, none dropped yet');
  expect(facesSummary(DEFAULT_CONFIG, NO_FACES)).toMatch(/^Synthetic · /);
});
