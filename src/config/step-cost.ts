import type { ConfigKey, RunConfig } from './run-config.ts';

/** Settings that the time of a training step depends on, on a given engine. */
const KEYS = [
  'imageSize',
  'identities',
  'heldOutShare',
  'kernelSize',
  'filters',
  'body',
  'width',
  'embeddingSize',
  'head',
  'batchSize',
] as const satisfies readonly ConfigKey[];

/** A name for the kind of training step on so many threads: configs of one name cost the same in each step of an arm. */
export function stepKey(config: RunConfig, threads: number): string {
  const dropout = config.dropout > 0;
  return JSON.stringify([...KEYS.map((key) => config[key]), dropout, ...(threads > 1 ? [threads] : [])]);
}

/** The time of one training step of one arm on this computer. */
export interface StepTime {
  readonly ms: number;
  /** Whether a whole batch was timed; else the time of a part, or of a similar step, was scaled to it. */
  readonly whole: boolean;
}

/** Milliseconds of a step of all arms where one arm's takes `armMs`; arms on threads of their own train side by side. */
export function allArms(armMs: number, arms: number, threads = 1): number {
  return armMs * Math.ceil(arms / threads);
}
