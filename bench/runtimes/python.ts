import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pytorch } from '../../src/network/testing/pytorch.ts';
import type { Answer, Place } from './messages.ts';

/** Python with PyTorch; undefined where there is none. */
export function pythonPlace(device: 'cpu' | 'cuda', threads: number): Place | undefined {
  const { command } = pytorch;
  if (command === undefined) return undefined;
  const script = fileURLToPath(new URL('../engines/pytorch.py', import.meta.url));
  const child = spawn(command, [script, device, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (request): Promise<Answer> => {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) return { type: 'failed', reason: 'Python ended' };
      return JSON.parse(value);
    },
    close: async () => {
      child.kill();
    },
  };
}
