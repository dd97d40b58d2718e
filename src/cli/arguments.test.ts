import { expect, it } from 'vitest';
import { CONFIG_KEYS } from '../config/run-config.ts';
import { describeSettings, flagOf, readArguments, TRAIN_FLAGS, UsageError } from './arguments.ts';

it('takes a flag for every setting and the own flags of a command', () => {
  const read = readArguments(['--', '--weight-decay', '0.02', '--out', 'runs/a'], ['out']);
  expect(read.settings).toEqual({ weightDecay: '0.02' });
  expect(read.own).toEqual({ out: 'runs/a' });
});

it('refuses flags that do not exist', () => {
  expect(() => readArguments(['--weigth-decay', '1'], [])).toThrow(UsageError);
  expect(() => readArguments(['--seed'], [])).toThrow(UsageError);
  expect(() => readArguments(['--out', ''], ['out'])).toThrow('--out is given without a value.');
});

it('describes every setting', () => {
  const text = describeSettings();
  for (const key of CONFIG_KEYS) expect(text).toContain(`--${flagOf(key)} `);
});

it('gives no two meanings to one flag', () => {
  const flags = [...CONFIG_KEYS.map(flagOf), ...TRAIN_FLAGS, 'arm', 'overwrite', 'help'];
  expect(new Set(flags).size).toBe(flags.length);
  expect(readArguments(['--stop-at', '40', '--end-at', '7'], TRAIN_FLAGS)).toMatchObject({
    own: { 'end-at': '7' },
    settings: { stopAt: '40' },
  });
  expect(() => readArguments([], ['stop-at'])).toThrow('--stop-at is a setting of a run');
});
