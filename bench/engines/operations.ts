import { backend, engine, env, getBackend } from '@tensorflow/tfjs-core';

/** The calls under one name in a step: tfjs's programs or kernels, or jax-js's fused loops. */
export interface Operation {
  readonly name: string;
  readonly count: number;
  readonly ms: number;
}

/**
 * The operations of a step that `run` enqueues on tfjs's backend, longest first. On WebGPU every dispatch between two
 * timestamps on the device, elsewhere the clock around each kernel but those that are `composed` of others.
 */
export async function tfjsOperations(run: () => void, composed: readonly string[] = []): Promise<Operation[]> {
  if (getBackend() === 'webgpu') {
    const timing = await backend().time(run);
    const entries = timing.getExtraProfileInfo?.()?.split(', ') ?? [];
    return byName(
      entries.map((entry) => {
        const [name = '', ms = '0'] = entry.split(': ');
        return { name, ms: Number(ms) };
      }),
    );
  }
  // Else every output is read and looked through for numbers that are none.
  env().set('CHECK_COMPUTATION_FOR_ERRORS', false);
  const { kernels } = await engine().profile(() => {
    run();
    return [];
  });
  const own = kernels.filter(({ name }) => !composed.includes(name));
  const timed = own.map(async ({ name, kernelTimeMs }) => {
    const ms = await kernelTimeMs;
    return { name, ms: 'error' in Object(ms) ? Number.NaN : Number(ms) };
  });
  return byName(await Promise.all(timed));
}

/** Adds up calls of the same name, longest first. */
export function byName(runs: readonly { readonly name: string; readonly ms: number }[]): Operation[] {
  const sums = new Map<string, Operation>();
  for (const { name, ms } of runs) {
    const before = sums.get(name) ?? { name, count: 0, ms: 0 };
    sums.set(name, { name, count: before.count + 1, ms: before.ms + ms });
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms);
}
