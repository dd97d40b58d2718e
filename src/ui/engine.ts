import type { EngineInfo } from '../network/backend.ts';

/** Backends as they are called on the page. */
export const ENGINE_NAMES: Readonly<Record<EngineInfo['backend'], string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  cpu: 'Plain JavaScript',
};

/** Whether a graphics card does the work. */
export function isHardware(engine: EngineInfo): boolean {
  return !engine.software && (engine.backend === 'webgpu' || engine.backend === 'webgl');
}
