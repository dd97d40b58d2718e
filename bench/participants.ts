import type { Backend } from './engines/training-engine.ts';
import type { Row } from './results.ts';
import type { Place } from './runtimes/messages.ts';

/** An engine on a backend in a runtime, as the table names it. */
export interface Participant {
  readonly engine: Row['engine'] | 'ceiling';
  readonly variant: string;
  readonly backend: Backend;
  readonly runtime: Row['runtime'];
}

/** A participant whose place runs. */
export interface OpenParticipant extends Participant {
  readonly place: Place;
  readonly adapter: string;
  readonly how: string;
}

const STOCK = 'tf.* + variableGrads';
const JITTED = 'jit of valueAndGrad + update';

/** What is measured; on SwiftShader the slowest peers only take part in Chromium unless everything is asked for. */
export function participantsFor({ all, cuda }: { readonly all: boolean; readonly cuda: boolean }): Participant[] {
  const chromium = (engine: Row['engine'], backend: Backend, variant: string): Participant => ({
    engine,
    variant,
    backend,
    runtime: 'chromium',
  });
  const node = (engine: Row['engine'], backend: Backend, variant: string): Participant => ({
    engine,
    variant,
    backend,
    runtime: 'node',
  });
  return [
    chromium('ours', 'webgpu', 'own kernels'),
    chromium('ours', 'wasm', 'own kernels'),
    chromium('tfjs', 'webgpu', STOCK),
    chromium('tfjs', 'webgl', STOCK),
    chromium('tfjs', 'wasm', `${STOCK}, plain im2col filter gradient`),
    chromium('tfjs', 'cpu', STOCK),
    chromium('jax-js', 'webgpu', JITTED),
    chromium('jax-js', 'wasm', `${JITTED}, threads`),
    node('ours', 'webgpu', 'own kernels'),
    node('ours', 'wasm', 'own kernels'),
    ...(all ? [node('tfjs', 'webgpu', STOCK), node('jax-js', 'webgpu', JITTED)] : []),
    { engine: 'pytorch', variant: 'eager, 1 thread', backend: 'cpu', runtime: 'python' },
    ...(cuda ? [{ engine: 'pytorch', variant: 'eager', backend: 'cuda', runtime: 'python' } as const] : []),
  ];
}

/** The ceilings that the participants' shares refer to. */
export function ceilingsFor(participants: readonly Participant[]): Participant[] {
  const metered = participants.filter(
    ({ backend, runtime }) => backend === 'webgpu' || backend === 'wasm' || runtime === 'python',
  );
  const keys = new Map(metered.map((one) => [`${one.runtime} ${one.backend}`, one]));
  return [...keys.values()].map(({ backend, runtime }) => ({ engine: 'ceiling', variant: '', backend, runtime }));
}

export function nameOf({ runtime, engine, backend }: Participant): string {
  return `${runtime} ${engine} ${backend}`;
}
