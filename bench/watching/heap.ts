import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WatchingFigures } from '../results.ts';

/** Feeds the page's run store in a process of its own, where garbage can be collected on demand. */
export async function measureHeap(): Promise<WatchingFigures<'heap'>> {
  const child = fork(fileURLToPath(new URL('heap-host.ts', import.meta.url)), [], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  });
  const [heap] = await once(child, 'message');
  child.kill();
  return heap;
}
