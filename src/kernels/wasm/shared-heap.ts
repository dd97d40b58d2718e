import { env } from '@tensorflow/tfjs-core';
import { withSharedMemory } from './shared-memory.ts';

/** tfjs's module for one thread with SIMD. */
export const SIMD_MODULE = 'tfjs-backend-wasm-simd.wasm';

/** Whether this thread may share memory with others: a page has to be cross-origin isolated for that. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined' || globalThis.crossOriginIsolated === false) return false;
  try {
    // As large as tfjs's heap may grow; a device may lack the addresses.
    new WebAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs `start`, which starts tfjs's wasm backend, and answers its request for its module with this one, its memory shared.
 * tfjs has to be set to fetch modules through its platform (`setWasmPaths(paths, true)`). Without a memory to share tfjs
 * gets the module as it is.
 */
export async function startOnSharedHeap(module: Uint8Array<ArrayBuffer>, start: () => Promise<void>): Promise<void> {
  const { platform } = env();
  const { fetch } = platform;
  const shared = withSharedMemory(module) ?? module;
  platform.fetch = async (path, ...rest) =>
    path.endsWith('.wasm') ? new Response(shared) : fetch.call(platform, path, ...rest);
  try {
    await start();
  } finally {
    platform.fetch = fetch;
  }
}
