import type { EngineInfo } from '../../network/backend.ts';

/** Whether a graphics card does the work. */
export function isHardware(engine: EngineInfo): boolean {
  return !engine.software && (engine.backend === 'webgpu' || engine.backend === 'webgl');
}
