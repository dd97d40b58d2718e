import { env } from '@tensorflow/tfjs-core';
import { shortMemory } from '../../src/kernels/variants.ts';
import { openEngine } from '../../src/network/backend.ts';
import type { EnginePlace } from './training-engine.ts';

/** Makes a backend of tfjs ready the way the playground does. Returns the adapter's name. */
export async function openTfjs({ backend, wasmFiles }: EnginePlace): Promise<string> {
  if (backend === 'cuda') throw new Error('tfjs has no CUDA backend here.');
  const { info } = await openEngine({
    preference: backend,
    tuning: { memory: shortMemory() },
    ...(wasmFiles === undefined ? {} : { wasmFiles }),
  });
  return info.adapter;
}

/** The same with tfjs's own settings where the playground changes them. */
export async function openStockTfjs(place: EnginePlace): Promise<string> {
  const adapter = await openTfjs(place);
  if (place.backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', true);
  return adapter;
}
