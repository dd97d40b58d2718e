import { describe, expect, test } from 'vitest';
import { armConfig, armFromText, armProblem, armsOf, CRAFT, chosenArms, isShared, STANDARD } from './arm.ts';
import { CONFIG_KEYS, DEFAULT_CONFIG } from './run-config.ts';

test('Standard trains without CRAFT, CRAFT as the run says', () => {
  expect(armConfig(DEFAULT_CONFIG, STANDARD)).toEqual({ ...DEFAULT_CONFIG, craft: false });
  expect(armConfig(DEFAULT_CONFIG, CRAFT)).toEqual(DEFAULT_CONFIG);
  expect(armsOf({ arms: 'both' })).toEqual([STANDARD, CRAFT]);
  for (const arms of ['standard', 'craft', 'both'] as const) expect(chosenArms(armsOf({ arms }))).toBe(arms);
});

test('faces, batches, seed, length and measurements are shared', () => {
  expect(CONFIG_KEYS.filter((key) => !isShared(key))).toEqual([
    ...['kernelSize', 'filters', 'body', 'width', 'embeddingSize'],
    ...['head', 'scale', 'margin', 'arcfaceGradient'],
    ...['learningRate', 'schedule', 'dropsAt', 'dropFactor', 'warmupSteps', 'momentum'],
    ...['weightDecay', 'weightDecaySchedule', 'laterWeightDecay', 'laterDecayFrom'],
    ...['decayBatchNorm', 'dropout', 'clipNorm'],
    ...['craft', 'criterion', 'epsilon', 'rho', 'strategy', 'strongShare', 'checkEvery', 'stopAt'],
    ...['resetOptimizer', 'resetScale', 'resetShift', 'resetStatistics'],
  ]);
});

describe('a list that cannot be the arms of a run is refused in a sentence', () => {
  test.each([
    [[], /at least one arm/],
    [[{ name: '', settings: {} }], /has no name/],
    [[{ name: '../x', settings: {} }], /cannot name an arm/],
    [[{ name: 'a.b', settings: {} }], /cannot name an arm/],
    [[{ name: '__proto__', settings: {} }], /cannot name an arm/],
    [[{ name: 'constructor', settings: {} }], /reserved/],
    [[{ name: 'NUL', settings: {} }], /reserved/],
    [[{ name: 'x'.repeat(41), settings: {} }], /over 40 letters/],
    [
      [
        { name: 'blend', settings: {} },
        { name: 'Blend', settings: {} },
      ],
      /Two arms are named "Blend"/,
    ],
    [[{ name: 'standard', settings: {} }], /"standard" is always the same/],
    [[{ name: 'craft', settings: { strategy: 'random' } }], /"craft" is always the same/],
    [[{ name: 'Craft', settings: {} }], /"craft" is always the same/],
    [[{ name: 'other', settings: { seed: 2 } }], /cannot have seed of its own: all arms of a run share it/],
    [[{ name: 'other', settings: { steps: 2 } }], /cannot have steps of its own/],
    [[{ name: 'other', settings: { identities: 20 } }], /cannot have people of its own/],
    [[{ name: 'other', settings: { batchSize: 2 } }], /cannot have batch of its own/],
  ] as const)('%j', (arms, sentence) => {
    expect(armProblem(arms)).toMatch(sentence);
  });

  test('and any number of others is not', () => {
    expect(armProblem([STANDARD, CRAFT, { name: 'wide_8-b', settings: { filters: 64, weightDecay: 0.02 } }])).toBe(
      undefined,
    );
  });
});

describe('an arm in a line', () => {
  test('is a name and settings', () => {
    expect(armFromText('random: strategy = random, checkEvery=2', DEFAULT_CONFIG)).toEqual({
      arm: { name: 'random', settings: { strategy: 'random', checkEvery: 2 } },
      refusals: [],
    });
  });

  test('a name alone is the run as it is, or one of the two', () => {
    expect(armFromText('again', DEFAULT_CONFIG).arm).toEqual({ name: 'again', settings: {} });
    expect(armFromText('standard', DEFAULT_CONFIG).arm).toBe(STANDARD);
  });

  test('has the strategy that it is named after', () => {
    const refusalsOf = (text: string) => armFromText(text, DEFAULT_CONFIG).refusals;
    const sentence =
      'Arm "random" would have the strategy blend; write random:strategy=random, or name it differently.';
    expect(refusalsOf('random')).toEqual([sentence]);
    expect(refusalsOf('random:checkEvery=2')).toEqual([sentence]);
    for (const right of ['random:strategy=random', 'random:craft=false', 'blend', 'blend:checkEvery=2']) {
      expect([right, refusalsOf(right)]).toEqual([right, []]);
    }
  });

  test('reports each setting that it cannot read', () => {
    const { arm, refusals } = armFromText('odd:weightDecay=9,nothing=1,strategy=mean,blend', DEFAULT_CONFIG);
    expect(arm.settings).toMatchObject({ weightDecay: 0.1 });
    expect(refusals).toEqual([
      'Arm "odd": "blend" is no setting=value.',
      'Arm "odd": Weight decay: a number from 0 to 0.1 is expected, not "9".',
      'Arm "odd": There is no setting "nothing".',
      'Arm "odd": Strategy: one of blend, gaussian, per-weight, orthogonal, random is expected, not "mean".',
    ]);
    expect(armFromText('odd:stopAt=50=60,checkEvery=2,checkEvery=3', DEFAULT_CONFIG).refusals).toEqual([
      'Arm "odd" has checkEvery twice.',
      expect.stringContaining('is expected, not "50=60"'),
    ]);
  });
});
