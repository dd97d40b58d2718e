import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A thread that runs a TypeScript file: it has to register tsx itself; Node 20 does not take over `--import tsx`. */
export function typescriptThread(file: URL, workerData?: unknown): Worker {
  const bootstrap = `
    import(${urlText(tsxRegister())})
      .then(({ register }) => register())
      .then(() => import(${urlText(file)}));
  `;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData });
}

function tsxRegister(): URL {
  // As an ES module: required, it does not register in a worker thread of Node 20.
  const path = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  return pathToFileURL(path);
}

function urlText({ href }: URL): string {
  return JSON.stringify(href);
}
