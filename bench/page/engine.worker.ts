import type { EngineRole } from '../../src/worker/engine.worker.ts';
import { receive } from '../../src/worker/member-role.ts';
import { PAGE_STEP_THREADS } from '../../src/worker/step-threads.ts';
import { WASM_FILES } from '../../src/worker/wasm-files.ts';
import type { LoadedWorkload } from '../engines/workload.ts';
import { engineHost } from '../runtimes/engine-host.ts';
import type { Request } from '../runtimes/messages.ts';

async function load(address: string): Promise<LoadedWorkload> {
  const [workload, numbers] = await Promise.all([fetch(`${address}.json`), fetch(`${address}.bin`)]);
  return { workload: await workload.json(), numbers: new Float32Array(await numbers.arrayBuffer()) };
}

if (self.name === ('member' satisfies EngineRole)) {
  self.onmessage = ({ data }) => receive(data);
} else {
  const answer = engineHost({ load, wasmFiles: WASM_FILES, stepThreads: PAGE_STEP_THREADS });
  self.onmessage = async ({ data }: MessageEvent<Request>) => postMessage(await answer(data));
}
