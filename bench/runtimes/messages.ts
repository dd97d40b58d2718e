import type { Variant } from '../../src/kernels/variants.ts';
import type { Operation } from '../engines/operations.ts';
import type { Backend, ScriptEngine } from '../engines/training-engine.ts';

/** The requests to a training place, in every runtime; workloads go by the path or address they are read from. */
export type Request =
  | {
      readonly type: 'open';
      readonly engine: ScriptEngine | 'pytorch' | 'ceiling';
      readonly backend: Backend;
      readonly workload: string;
      /** How many threads share a step of ours; one where it is missing. */
      readonly threads?: number | undefined;
      /** The variant of all our kernels on WebGPU; that for the kind of adapter where it is missing. */
      readonly kernels?: Variant | undefined;
    }
  | { readonly type: 'step'; readonly count: number }
  | { readonly type: 'profile' }
  | { readonly type: 'ceiling' };

export type Answer =
  | { readonly type: 'opened'; readonly adapter: string; readonly how?: string }
  | { readonly type: 'stepped'; readonly ms: readonly number[]; readonly losses: readonly number[] }
  | { readonly type: 'ceiling'; readonly gflops: number; readonly copyGBs: number }
  | { readonly type: 'profiled'; readonly operations: readonly Operation[] }
  | { readonly type: 'failed'; readonly reason: string };

/** A worker or process with one engine in it. */
export interface Place {
  ask(request: Request): Promise<Answer>;
  close(): Promise<void>;
}
