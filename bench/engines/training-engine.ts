import type { StepThreads } from '../../src/kernels/threads.ts';
import type { Variant } from '../../src/kernels/variants.ts';
import type { Operation } from './operations.ts';
import type { LoadedWorkload } from './workload.ts';

/** The engines that run in JavaScript; PyTorch is asked through runtimes/python.ts. */
export const SCRIPT_ENGINES = ['ours', 'tfjs', 'jax-js'] as const;
export type ScriptEngine = (typeof SCRIPT_ENGINES)[number];

export type Backend = 'webgpu' | 'wasm' | 'webgl' | 'cpu' | 'cuda';

/** A network on an engine, ready for its first step. */
export interface TrainingEngine {
  /** Name of the processor: "SwiftShader (software)", "SIMD". */
  readonly adapter: string;
  /** One training step; resolves with the loss, read back, once the step is done. */
  step(): Promise<number>;
  /** One step, timed operation by operation; it may take longer than others. */
  profile(): Promise<readonly Operation[]>;
}

/** The services an engine needs from its runtime. */
export interface EnginePlace {
  readonly backend: Backend;
  /** Where tfjs's WebAssembly files are; not needed in Node. */
  readonly wasmFiles?: Readonly<Record<string, string>>;
  /** How many threads share a step of ours, and how they are started here. */
  readonly threads?: number | undefined;
  readonly stepThreads?: StepThreads | undefined;
  /** The variant of all our kernels on WebGPU, instead of the usual one. */
  readonly kernels?: Variant | undefined;
}

export type OpenEngine = (place: EnginePlace, loaded: LoadedWorkload) => Promise<TrainingEngine>;
