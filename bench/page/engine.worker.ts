import { WASM_FILES } from '../../src/worker/wasm-files.ts';
import type { LoadedWorkload } from '../engines/workload.ts';
import { engineHost } from '../runtimes/engine-host.ts';
import type { Request } from '../runtimes/messages.ts';

async function load(address: string): Promise<LoadedWorkload> {
  const [workload, numbers] = await Promise.all([fetch(`${address}.json`), fetch(`${address}.bin`)]);
  return { workload: await workload.json(), numbers: new Float32Array(await numbers.arrayBuffer()) };
}

const answer = engineHost({ load, wasmFiles: WASM_FILES });
self.onmessage = async ({ data }: MessageEvent<Request>) => postMessage(await answer(data));
