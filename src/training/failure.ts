import { formatNumber } from '../config/quantity.ts';
import type { RunConfig } from '../config/run-config.ts';
import { smallerRun } from '../config/smaller-run.ts';
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
 * tfjs has no error types of its own for a lost device or exhausted memory. After a loss mapAsync rejects with an
 * AbortError or "instance reference no longer exists", and the next operation fails with "createBuffer failed", as it
 * does where memory is short.
 */
const DEVICE_LOST = /device.{0,12}lost|external Instance reference|mapAsync|AbortError|context.{0,8}lost/i;
const OUT_OF_MEMORY =
  /out of memory|createBuffer failed|allocation failed|array buffer allocation|exceeds.{0,20}(limit|buffer size)/i;
const REFUSED_BUFFER = /createBuffer failed, size \((\d+)\)/;
/** In bytes. A card that refuses less than this has not run out of memory, it is gone. */
const SMALL_BUFFER = 1 << 24;

/** The settings and step of a run at a failure. */
interface Standing {
  readonly config: RunConfig;
  readonly step: number;
}

/** The meaning of an error for a run, with the remedy. */
export function describeFailure(error: unknown, run?: Standing): Failure {
  if (error instanceof RunFailure) return error.failure;
  if (error instanceof EngineError) return { code: 'backend-unavailable', message: error.message, hint: error.hint };
  if (error instanceof NetworkStateError) return { code: 'bad-config', message: error.message, hint: error.hint };
  const technical = error instanceof Error ? error.message : String(error);
  const refused = Number(REFUSED_BUFFER.exec(technical)?.[1] ?? SMALL_BUFFER);
  if (DEVICE_LOST.test(technical) || refused < SMALL_BUFFER) return deviceLost(run?.step ?? 0, technical);
  if (OUT_OF_MEMORY.test(technical) && run) return outOfMemory(run.config, technical);
  return {
    code: 'internal',
    message: run ? `The run failed at step ${formatNumber(run.step)}.` : 'The engine failed.',
    hint: 'Press Reset to start again. If it happens again, choose another engine in the settings.',
    technical,
  };
}

/** A loss or a weight is NaN or infinite after so many steps. */
export function lossLost(step: number, { learningRate }: Pick<RunConfig, 'learningRate'>): RunFailure {
  return new RunFailure({
    code: 'loss-not-finite',
    message: `The loss is no longer a number at step ${step}.`,
    hint: `Lower the learning rate, now ${formatNumber(learningRate)}, then Reset.`,
  });
}

/** The meaning of an engine's last error message; see `Engine.failed`. */
export function engineFailure(technical: string, run: Standing): Failure {
  if (!/device lost/.test(technical) && OUT_OF_MEMORY.test(technical)) return outOfMemory(run.config, technical);
  return deviceLost(run.step, technical);
}

function deviceLost(step: number, technical: string): Failure {
  return {
    code: 'device-lost',
    message: `The graphics card stopped answering at step ${formatNumber(step)}.`,
    hint: 'Start the engine again, or choose WebAssembly as the engine.',
    technical,
  };
}

function outOfMemory(config: RunConfig, technical: string): Failure {
  const { key, value } = smallerRun(config);
  return {
    code: 'out-of-memory',
    message: `Not enough graphics memory for batch ${config.batchSize} at ${config.imageSize} px.`,
    hint: key === 'batchSize' ? `Try batch ${value}.` : `Try images of ${value} px.`,
    technical,
  };
}
