import type { RunConfig } from '../config/run-config.ts';
import { EngineError } from '../network/backend.ts';
import { NetworkStateError } from '../network/network-state.ts';
import type { Failure } from './events.ts';

/** An error with a sentence for a person already attached. */
export class RunFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'RunFailure';
  }
}

/*
 * tfjs has no error types of its own for a lost device or exhausted memory. After a loss the next operation fails
 * with "createBuffer failed", and mapAsync rejects with an AbortError or "instance reference no longer exists".
 */
const DEVICE_LOST = /device.{0,12}lost|external Instance reference|mapAsync|AbortError|context.{0,8}lost/i;
const OUT_OF_MEMORY =
  /out of memory|createBuffer failed|allocation failed|array buffer allocation|exceeds.{0,20}(limit|buffer size)/i;

/** Says what an error means for a run and what to do about it. */
export function describeFailure(error: unknown, run?: { readonly config: RunConfig; readonly step: number }): Failure {
  if (error instanceof RunFailure) return error.failure;
  if (error instanceof EngineError) return { code: 'backend-unavailable', message: error.message, hint: error.hint };
  if (error instanceof NetworkStateError) return { code: 'bad-config', message: error.message, hint: error.hint };
  const technical = error instanceof Error ? error.message : String(error);
  if (DEVICE_LOST.test(technical)) return deviceLost(run?.step ?? 0, technical);
  if (OUT_OF_MEMORY.test(technical) && run) {
    const { config } = run;
    return {
      code: 'out-of-memory',
      message: `Not enough memory for batch ${config.batchSize} at ${config.imageSize} px. (${technical})`,
      hint: `Try batch ${Math.max(2, Math.floor(config.batchSize / 2))} or smaller images.`,
    };
  }
  return {
    code: 'internal',
    message: run ? `The run failed at step ${run.step}: ${technical}` : `The engine failed: ${technical}`,
    hint: 'Press Reset to start again. If it happens again, choose another engine in the settings.',
  };
}

/** The sentence for a device that is gone. */
export function deviceLost(step: number, technical: string): Failure {
  return {
    code: 'device-lost',
    message: `The graphics card stopped answering at step ${step}. (${technical})`,
    hint: 'Start the engine again, or choose WebAssembly as the engine.',
  };
}
