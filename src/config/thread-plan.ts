import { armsOf } from './arm.ts';
import type { RunConfig } from './run-config.ts';

/** The engine of a run, as far as its threads depend on it. */
export interface ThreadedEngine {
  readonly backend: string;
  /** Whether several threads can share a training step. */
  readonly sharesSteps?: boolean | undefined;
}

/** How threads are given to the arms of a run. */
export interface ThreadPlan {
  /** So many arms train side by side; more arms than that are shared out among them. */
  readonly arms: number;
  /** So many threads share each step of an arm. */
  readonly each: number;
}

/**
 * The plan for so many arms where `most` threads may train: on WebAssembly one each as far as they go, since arms never wait
 * for each other, and the rest inside the steps. Every other engine takes one thread. The plan changes no number of a run.
 */
export function threadPlan({ backend, sharesSteps }: ThreadedEngine, arms: number, most: number): ThreadPlan {
  if (backend !== 'wasm') return { arms: 1, each: 1 };
  const sideBySide = Math.max(1, Math.min(arms, most));
  return { arms: sideBySide, each: sharesSteps ? Math.max(1, Math.floor(most / sideBySide)) : 1 };
}

/** The threads of a plan, all together. */
export function threadsOf({ arms, each }: ThreadPlan): number {
  return arms * each;
}

/** How many threads share a step of an arm of this config where a run may take `threads`. */
export function stepThreads(
  engine: ThreadedEngine & { readonly threads?: number | undefined },
  config: RunConfig,
): number {
  return threadPlan(engine, armsOf(config).length, engine.threads ?? 1).each;
}
