import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Place } from './messages.ts';

/** A process of Node of its own, since tfjs has one backend at a time. */
export function nodePlace(): Place {
  const child = fork(fileURLToPath(new URL('node-host.ts', import.meta.url)), [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Shown only where it ends early: Dawn warns of every driver it does not find.
  let complaints = '';
  child.stderr?.on('data', (text) => {
    complaints += text;
  });
  const ended = once(child, 'exit').then(([code, signal]): Answer => {
    return { type: 'failed', reason: `Node ended with ${code ?? signal}: ${complaints}` };
  });
  return {
    ask: (request) => {
      const answered = once(child, 'message').then(([answer]): Answer => answer);
      child.send(request);
      return Promise.race([answered, ended]);
    },
    close: async () => {
      child.kill();
      await ended;
    },
  };
}
