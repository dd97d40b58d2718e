import { readFile } from 'node:fs/promises';
import { NODE_STEP_THREADS } from '../../src/kernels/node/step-threads.ts';
import { installWebGpu } from '../../src/kernels/node/webgpu-in-node.ts';
import type { LoadedWorkload } from '../engines/workload.ts';
import { engineHost } from './engine-host.ts';
import type { Request } from './messages.ts';

async function load(path: string): Promise<LoadedWorkload> {
  const bytes = await readFile(`${path}.bin`);
  return {
    workload: JSON.parse(await readFile(`${path}.json`, 'utf8')),
    numbers: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer),
  };
}

const answer = engineHost({ load, stepThreads: NODE_STEP_THREADS });
process.on('message', async (request: Request) => {
  if (request.type === 'open' && request.backend === 'webgpu') {
    const missing = await installWebGpu();
    if (missing !== undefined) {
      process.send?.({ type: 'failed', reason: missing });
      return;
    }
  }
  process.send?.(await answer(request));
});
