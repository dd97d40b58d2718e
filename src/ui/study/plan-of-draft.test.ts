import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import type { StudyDraft } from '../state/study-draft.ts';
import { draftOfPlan, planOfDraft } from './plan-of-draft.ts';

const DRAFT: StudyDraft = {
  seeds: '1-6',
  conditions: ['blend'],
  vary: [],
  data: ['synthetic:lfw', 'lfw.bin'],
  primary: 'lfw.bin',
  seedAlso: ['testSeed', 'other'],
};
const HERE = { ownFaces: false, missing: () => [] };

test('a draft becomes the plan that the command line would make of it', () => {
  const { plan } = planOfDraft(DRAFT, DEFAULT_CONFIG, HERE);
  expect(plan).toMatchObject({
    evaluations: [
      { name: 'Drawn LFW', data: 'synthetic:lfw' },
      { name: 'LFW (lfw.bin)', data: 'lfw.bin' },
    ],
    primary: 'LFW (lfw.bin)',
    seedSettings: ['seed', 'testSeed'],
  });
});

test('a plan becomes the draft that makes it again', () => {
  const draft: StudyDraft = {
    ...DRAFT,
    seeds: '1-3,9',
    conditions: ['blend', 'late:stopAt=90,checkEvery=10'],
    vary: ['filters=16,32', 'body=plain,iresnet10'],
    seedAlso: ['testSeed'],
  };
  const { plan } = planOfDraft(draft, DEFAULT_CONFIG, HERE);
  if (plan === undefined) throw new Error('no plan');
  expect(planOfDraft(draftOfPlan(plan), plan.config, HERE).plan).toEqual(plan);
});

test('missing faces and files are named', () => {
  const lacks = planOfDraft(DRAFT, DEFAULT_CONFIG, { ...HERE, missing: (all) => all.slice(1) });
  expect(lacks.problem).toMatchObject({
    message: 'lfw.bin is not here.',
    hint: 'Drop the files anywhere on this tab.',
  });
  const own = { ...DEFAULT_CONFIG, faces: 'own' } as const;
  expect(planOfDraft(DRAFT, own, HERE).problem?.message).toContain('your own faces, and none are loaded');
  expect(planOfDraft(DRAFT, own, { ...HERE, ownFaces: true }).plan?.config.faces).toBe('own');
  expect(planOfDraft({ ...DRAFT, primary: 'cfp.bin' }, DEFAULT_CONFIG, HERE).problem?.message).toContain('"cfp.bin"');
});
