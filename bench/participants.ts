import { VARIANTS, type Variant } from '../src/kernels/variants.ts';
import type { Backend } from './engines/training-engine.ts';
import type { Row } from './results.ts';
import type { Place } from './runtimes/messages.ts';

/** An engine on a backend in a runtime, as the table names it. */
export interface Participant {
  readonly engine: Row['engine'] | 'ceiling';
  readonly variant: string;
  readonly backend: Backend;
  readonly runtime: Row['runtime'];
  /** Of the processor, where the benchmark says how many. */
  readonly threads?: number | undefined;
  /** The variant of all our kernels on WebGPU, where it is not the usual one for the adapter. */
  readonly kernels?: Variant | undefined;
}

/** A participant whose place runs. */
export interface OpenParticipant extends Participant {
  readonly place: Place;
  readonly adapter: string;
  readonly how: string;
}

const STOCK = 'tf.* + variableGrads';
const JITTED = 'jit of valueAndGrad + update';

/** The measured peers; on SwiftShader the slowest peers only take part in Chromium unless everything is asked for. */
export function participantsFor({
  all,
  cuda,
  threads: most,
  cores,
}: {
  readonly all: boolean;
  readonly cuda: boolean;
  /** Of the processor, all of which jax-js takes. */
  readonly cores: number;
  /** So many threads PyTorch and our WebAssembly take, besides one. */
  readonly threads: number;
}): Participant[] {
  const chromium = (engine: Row['engine'], backend: Backend, variant: string): Participant => ({
    engine,
    variant,
    backend,
    runtime: 'chromium',
    threads: threadsOf(engine, backend, cores),
  });
  const node = (engine: Row['engine'], backend: Backend, variant: string): Participant => ({
    engine,
    variant,
    backend,
    runtime: 'node',
    threads: threadsOf(engine, backend, cores),
  });
  const pytorch = (threads: number): Participant => ({
    engine: 'pytorch',
    variant: 'eager',
    backend: 'cpu',
    runtime: 'python',
    threads,
  });
  const shared = (one: Participant) => (most > 1 ? [{ ...one, threads: most }] : []);
  return [
    chromium('ours', 'webgpu', 'own kernels'),
    chromium('ours', 'wasm', 'own kernels'),
    ...shared(chromium('ours', 'wasm', 'own kernels, shared steps')),
    chromium('tfjs', 'webgpu', STOCK),
    chromium('tfjs', 'webgl', STOCK),
    chromium('tfjs', 'wasm', `${STOCK}, plain im2col filter gradient`),
    chromium('tfjs', 'cpu', STOCK),
    chromium('jax-js', 'webgpu', JITTED),
    chromium('jax-js', 'wasm', JITTED),
    node('ours', 'webgpu', 'own kernels'),
    node('ours', 'wasm', 'own kernels'),
    ...shared(node('ours', 'wasm', 'own kernels, shared steps')),
    ...(all ? [node('tfjs', 'webgpu', STOCK), node('jax-js', 'webgpu', JITTED)] : []),
    ...[1, most].filter((threads, at, both) => both.indexOf(threads) === at).map(pytorch),
    ...(cuda ? [{ engine: 'pytorch', variant: 'eager', backend: 'cuda', runtime: 'python' } as const] : []),
  ];
}

/** The participants on a machine with a graphics card, without a browser. */
export function hardwareParticipants(all: boolean): Participant[] {
  const node = (engine: Row['engine'], variant: string, kernels?: Variant): Participant => ({
    engine,
    variant,
    backend: 'webgpu',
    runtime: 'node',
    ...(kernels === undefined ? {} : { kernels }),
  });
  return [
    ...VARIANTS.map((kernels) => node('ours', `own kernels, ${kernels} invocations`, kernels)),
    { engine: 'pytorch', variant: 'eager', backend: 'cuda', runtime: 'python' },
    ...(all ? [node('tfjs', STOCK), node('jax-js', JITTED)] : []),
  ];
}

/** How many threads of the processor a script trains on; jax-js takes all that the browser names, and a device is no processor. */
function threadsOf(engine: Row['engine'], backend: Backend, cores: number): number | undefined {
  if (backend !== 'wasm' && backend !== 'cpu') return undefined;
  return engine === 'jax-js' && backend === 'wasm' ? cores : 1;
}

/** The ceilings that the participants' shares refer to. */
export function ceilingsFor(participants: readonly Participant[]): Participant[] {
  const metered = participants.filter(
    ({ backend, runtime }) => backend === 'webgpu' || backend === 'wasm' || runtime === 'python',
  );
  const keys = new Map(metered.map((one) => [`${one.runtime} ${one.backend} ${pythonThreads(one)}`, one]));
  return [...keys.values()].map((one) => ({ ...one, engine: 'ceiling', variant: '', threads: pythonThreads(one) }));
}

/** How many threads a ceiling is measured on: scripts have one ceiling, of one thread. */
export function pythonThreads({ runtime, threads }: Pick<Participant, 'runtime' | 'threads'>): number | undefined {
  return runtime === 'python' ? threads : undefined;
}

export function nameOf({
  runtime,
  engine,
  backend,
  threads = 1,
  kernels,
}: Pick<Participant, 'runtime' | 'engine' | 'backend' | 'threads' | 'kernels'>): string {
  const more = [...(threads === 1 ? [] : [`${threads} threads`]), ...(kernels === undefined ? [] : [kernels])];
  return [runtime, engine, backend, ...more].join(' ');
}
