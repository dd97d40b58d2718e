import { z } from 'zod';
import { VARIANTS } from '../src/kernels/variants.ts';

/** Null where an engine's losses were not those of the others: then no time counts. */
const measured = z.number().nullable();

const rowSchema = z.object({
  network: z.string(),
  engine: z.enum(['ours', 'tfjs', 'jax-js', 'pytorch']),
  /** How the engine was used, in words. */
  variant: z.string(),
  backend: z.enum(['webgpu', 'wasm', 'webgl', 'cpu', 'cuda']),
  runtime: z.enum(['chromium', 'node', 'python']),
  /** Of the processor; missing where the device has its own way, and in older results. */
  threads: z.number().optional(),
  /** The variant of all our kernels on WebGPU, where it was chosen. */
  kernels: z.enum(VARIANTS).optional(),
  adapter: z.string(),
  medianMs: measured,
  minMs: measured,
  maxMs: measured,
  /** The very first step, with everything that is compiled in it. */
  firstMs: z.number(),
  samples: z.number(),
  /** 1e9 operations a second at the median. */
  gflops: measured,
  /**
   * Share of the best reading of the adapter's multiply-add rate in the same run; null where that has no measure (plain
   * JavaScript).
   */
  ceilingShare: measured,
  lossesAgree: z.boolean(),
  /** Of the first three steps. */
  losses: z.array(z.number()),
});
export type Row = z.infer<typeof rowSchema>;

const ceilingSchema = z.object({
  /** Between whose steps it was read. */
  network: z.string(),
  backend: z.enum(['webgpu', 'wasm', 'webgl', 'cpu', 'cuda']),
  runtime: z.enum(['chromium', 'node', 'python']),
  threads: z.number().optional(),
  adapter: z.string(),
  /** The measurement, in words. */
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

const growthRowSchema = z.object({
  sweep: z.enum(['batch', 'image', 'filters', 'width', 'body']),
  /** The change to N32, as text. */
  value: z.string(),
  gflop: z.number(),
  medianMs: z.number(),
  minMs: z.number(),
  samples: z.number(),
});
export type GrowthRow = z.infer<typeof growthRowSchema>;

export const growthSchema = z.object({ machine: machineSchema, backend: z.string(), rows: z.array(growthRowSchema) });
export type GrowthResult = z.infer<typeof growthSchema>;

const pageSchema = z.object({
  machine: machineSchema,
  seconds: z.number(),
  steps: z.number(),
  framesPerSecond: z.number(),
  /** Milliseconds of every task of the main thread over 50 ms. */
  longTasks: z.array(z.number()),
  load: z.number(),
});

/** Each part was measured on its own, perhaps on another day. */
export const watchingSchema = z.object({
  /**
   * A step of both arms of the Small preset with everything watched, and with nothing, in neighbouring blocks A B B A.
   */
  session: z
    .object({
      machine: machineSchema,
      steps: z.number(),
      /** Processor time a step, per block; those of one index are neighbours. */
      watchedMs: z.array(z.number()),
      unwatchedMs: z.array(z.number()),
      /** The cost of watching alone, added up call by call: share of all time. */
      tickMs: z.number(),
      tickWithKernelsMs: z.number(),
      checkMs: z.number(),
    })
    .optional(),
  /** The page in Chromium while it trains on WebAssembly: Quick look, and a residual network with checkpoints. */
  page: pageSchema.optional(),
  residual: pageSchema.optional(),
  /** The page's run store after as many steps with telemetry at every one, both arms, 64 filters. */
  heap: z
    .object({
      machine: machineSchema,
      steps: z.number(),
      heapMB: z.number(),
      arraysMB: z.number(),
      before: z.number(),
    })
    .optional(),
  /**
   * Milliseconds from opening the built page to its first finished step on WebAssembly; Train is pressed immediately.
   */
  start: z
    .object({
      machine: machineSchema,
      preset: z.string(),
      coldMs: z.number(),
      warmMs: z.array(z.number()),
      load: z.number(),
    })
    .optional(),
});
export type WatchingResult = z.infer<typeof watchingSchema>;
/** The figures of a part, without its machine. */
export type WatchingFigures<Part extends keyof WatchingResult> = Omit<NonNullable<WatchingResult[Part]>, 'machine'>;

export const profileSchema = z.object({
  machine: machineSchema,
  network: z.string(),
  engines: z.array(
    z.object({
      engine: rowSchema.shape.engine,
      backend: rowSchema.shape.backend,
      adapter: z.string(),
      /** Over how many steps the operations are means. */
      steps: z.number(),
      /** Longest first; milliseconds of a step in all runs of one name together. */
      operations: z.array(z.object({ name: z.string(), count: z.number(), ms: z.number() })),
    }),
  ),
});
export type Profile = z.infer<typeof profileSchema>;

/** Small on several threads and on one, in neighbouring blocks: milliseconds of a step of all arms. */
const threadsPartSchema = z.object({
  machine: machineSchema,
  /** In all, arms included. */
  threads: z.number(),
  steps: z.number(),
  /** Per block; those of one index are neighbours. */
  oneMs: z.array(z.number()),
  severalMs: z.array(z.number()),
});
export type ThreadsPart = z.infer<typeof threadsPartSchema>;

/** One arm whose steps the threads share, and both arms on threads of their own. */
export const threadsSchema = z.object({ one: threadsPartSchema.optional(), both: threadsPartSchema.optional() });
export type ThreadsResult = z.infer<typeof threadsSchema>;
