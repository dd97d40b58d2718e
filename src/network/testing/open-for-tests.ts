import { expect } from 'vitest';
import { installWebGpu } from '../../kernels/node/webgpu-in-node.ts';
import type { BackendName } from '../../kernels/register.ts';
import { type Engine, openEngine } from '../backend.ts';

/** Opens an engine in Node and asserts that it is the one asked for. */
export async function openForTests(preference: BackendName): Promise<Engine> {
  if (preference === 'webgpu') await installWebGpu();
  const engine = await openEngine({ preference });
  expect(engine.info.backend).toBe(preference);
  return engine;
}
