import { getBackend } from '@tensorflow/tfjs-core';

/**
 * Compiles the operations of `work` while the caller has other things to do; resolves once all of it is there. `work`
 * enqueues operations and waits for none of them; its results are not to be used. Until this resolves nothing else
 * may be run on the backend. Backends that compile nothing do nothing.
 */
export async function compileAhead(work: () => void): Promise<void> {
  if (getBackend() !== 'webgpu') return;
  const { compileOnly } = await import('./webgpu/compile-only.ts');
  await compileOnly(work);
}
