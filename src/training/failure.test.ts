import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config/run-config.ts';
import { EngineError } from '../network/backend.ts';
import { describeFailure, engineFailure, RunFailure } from './failure.ts';

const run = { config: DEFAULT_CONFIG, step: 7 };

it('keeps a sentence that is there already', () => {
  const failure = { code: 'bad-faces', message: 'm', hint: 'h' } as const;
  expect(describeFailure(new RunFailure(failure), run)).toBe(failure);
  expect(describeFailure(new EngineError('no-adapter', 'none here'))).toMatchObject({
    code: 'backend-unavailable',
    message: 'none here',
  });
});

it('distinguishes a lost device from memory and from anything else', () => {
  const code = (message: string) => describeFailure(new Error(message), run).code;
  expect(
    code("Failed to execute 'mapAsync' on 'GPUBuffer': A valid external Instance reference no longer exists."),
  ).toBe('device-lost');
  expect(code('createBuffer failed, size (8000) is too large for the implementation')).toBe('device-lost');
  expect(code('createBuffer failed, size (1644167168) is too large for the implementation')).toBe('out-of-memory');
  expect(code('Array buffer allocation failed')).toBe('out-of-memory');
  expect(code('x is undefined')).toBe('internal');
});

it('names the setting to lower where memory ran out', () => {
  const { message, hint } = describeFailure(new Error('Out of memory'), run);
  expect(message).toContain(`batch ${DEFAULT_CONFIG.batchSize}`);
  expect(hint).toContain(`batch ${DEFAULT_CONFIG.batchSize / 4}`);
  const few = { ...run, config: { ...DEFAULT_CONFIG, batchSize: 4, imageSize: 112 } };
  expect(describeFailure(new Error('Out of memory'), few).hint).toContain('56 px');
});

it('separates the words of an engine from their meaning', () => {
  expect(engineFailure('device lost: out of memory', run).code).toBe('device-lost');
  expect(engineFailure('out of memory: buffer', run).code).toBe('out-of-memory');
  expect(engineFailure('Buffer size (3288334336) exceeds the max buffer size limit', run).code).toBe('out-of-memory');
});
