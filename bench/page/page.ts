import type { Answer, Request } from '../runtimes/messages.ts';

/** One dedicated worker an engine, kept alive; bench.ts asks through `askEngine`. */
const workers = new Map<string, Worker>();

function workerOf(name: string): Worker {
  const found = workers.get(name);
  if (found !== undefined) return found;
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module', name });
  workers.set(name, worker);
  return worker;
}

function askEngine(name: string, request: Request): Promise<Answer> {
  const worker = workerOf(name);
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ type: 'failed', reason: message });
    worker.postMessage(request);
  });
}

function closeEngine(name: string): void {
  workers.get(name)?.terminate();
  workers.delete(name);
}

Object.assign(globalThis, { askEngine, closeEngine });
