import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend, env } from '@tensorflow/tfjs-core';

const COMPILE_ONLY = 'WEBGPU_ENGINE_COMPILE_ONLY';

/**
 * Makes tfjs compile the operations of `work` without running them, all pipelines in parallel
 * (`createComputePipelineAsync`). Until it resolves nothing else may be compiled: `checkCompileCompletionAsync` takes
 * its pipelines for all there are. For Node this is nothing: there SwiftShader took twice the processor time for it,
 * and nothing is hidden behind it.
 */
export async function compileOnly(work: () => void): Promise<void> {
  // compile-ahead.ts calls this for the backend 'webgpu' only.
  const running = backend() as WebGPUBackend;
  env().set(COMPILE_ONLY, true);
  try {
    work();
  } finally {
    env().set(COMPILE_ONLY, false);
  }
  await running.checkCompileCompletionAsync();
}
