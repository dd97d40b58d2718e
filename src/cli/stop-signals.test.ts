import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

/** A process that listens for signals and prints each one; it ends only at the second. */
async function listener() {
  const code = `
    import { onStopSignal } from './src/cli/stop-signals.ts';
    onStopSignal((signal) => console.log('heard ' + signal));
    process.stdin.resume();
    console.log('listens');`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code]);
  const heard: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      heard.push(String(bytes));
      for (const look of waiting) look();
    });
  }
  const says = (words: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!heard.join('').includes(words)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const ended = once(child, 'exit');
  await says('listens');
  return { child, says, ended, heard };
}

describe('signals that ask the process to end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s: heard once, and a later one ends it',
    async (signal) => {
      const { child, says, ended, heard } = await listener();
      child.kill(signal);
      await says(`heard ${signal}`);
      // npm repeats a signal that it gets itself.
      child.kill(signal);
      await says('Ctrl-C again ends immediately');
      expect(heard.join('').match(/heard/g)).toHaveLength(1);
      child.kill('SIGINT');
      expect(await ended).toEqual([null, 'SIGINT']);
    },
    60_000,
  );
});
