import { z } from 'zod';

/** Null where an engine's losses were not those of the others: then no time counts. */
const measured = z.number().nullable();

const rowSchema = z.object({
  network: z.string(),
  engine: z.enum(['ours', 'tfjs', 'jax-js', 'pytorch']),
  /** How the engine was used, in words. */
  variant: z.string(),
  backend: z.enum(['webgpu', 'wasm', 'webgl', 'cpu', 'cuda']),
  runtime: z.enum(['chromium', 'node', 'python']),
  adapter: z.string(),
  medianMs: measured,
  minMs: measured,
  maxMs: measured,
  /** The very first step, with everything that is compiled in it. */
  firstMs: z.number(),
  samples: z.number(),
  /** 1e9 operations a second at the median. */
  gflops: measured,
  /** Share of the best reading of the adapter's multiply-add rate in the same run; null where that has no measure (plain JavaScript). */
  ceilingShare: measured,
  lossesAgree: z.boolean(),
  /** Of the first three steps. */
  losses: z.array(z.number()),
});
export type Row = z.infer<typeof rowSchema>;

const ceilingSchema = z.object({
  backend: z.enum(['webgpu', 'wasm', 'webgl', 'cpu', 'cuda']),
  runtime: z.enum(['chromium', 'node', 'python']),
  adapter: z.string(),
  /** What was measured, in words. */
  how: z.string(),
  /** Medians of the readings between the engines' steps, and the best reading. */
  gflops: z.number(),
  gflopsBest: z.number(),
  copyGBs: z.number(),
  copyGBsBest: z.number(),
  samples: z.number(),
});
export type Ceiling = z.infer<typeof ceilingSchema>;

const machineSchema = z.object({
  date: z.string(),
  command: z.string(),
  processor: z.string(),
  cores: z.number(),
  /** Average number of runnable processes over a minute, before and after. */
  loadBefore: z.number(),
  loadAfter: z.number(),
  versions: z.record(z.string(), z.string()),
});
export type Machine = z.infer<typeof machineSchema>;

export const benchSchema = z.object({
  machine: machineSchema,
  ceilings: z.array(ceilingSchema),
  rows: z.array(rowSchema),
  /** Engines that could not be measured here, and why. */
  skipped: z.array(z.string()),
});
export type BenchResult = z.infer<typeof benchSchema>;

/** Middle of the values, NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
