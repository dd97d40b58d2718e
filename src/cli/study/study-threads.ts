import { threadPlan, threadsOf } from '../../config/thread-plan.ts';
import type { Engine } from '../../network/backend.ts';

/** An engine on which a run of one arm takes so many threads, and that says how many. */
export function onThreads(engine: Engine, threads: number): Engine {
  const { info, sharesSteps } = engine;
  const plan = threadPlan({ backend: info.backend, sharesSteps }, 1, threads);
  engine.setThreads(plan.each);
  return { ...engine, info: { ...info, threads: threadsOf(plan) } };
}
