import { env } from '@tensorflow/tfjs-core';
import { everywhere } from '../../src/kernels/variants.ts';
import { openEngine } from '../../src/network/backend.ts';
import type { EnginePlace } from './training-engine.ts';

/** Makes a backend of tfjs ready the way the playground does. Returns the adapter's name. */
export async function openTfjs({
  backend,
  wasmFiles,
  threads = 1,
  stepThreads,
  kernels,
}: EnginePlace): Promise<string> {
  if (backend === 'cuda') throw new Error('tfjs has no CUDA backend here.');
  const engine = await openEngine({
    preference: backend,
    stepThreads: threads > 1 ? stepThreads : undefined,
    variants: kernels && everywhere(kernels),
    ...(wasmFiles === undefined ? {} : { wasmFiles }),
  });
  if (threads > 1 && !engine.sharesSteps) throw new Error('threads cannot share memory here');
  engine.setThreads(threads);
  return engine.info.adapter;
}

/** The same with tfjs's own settings where the playground changes them. */
export async function openStockTfjs(place: EnginePlace): Promise<string> {
  const adapter = await openTfjs(place);
  if (place.backend === 'webgpu') env().set('WEBGPU_CPU_FORWARD', true);
  return adapter;
}
