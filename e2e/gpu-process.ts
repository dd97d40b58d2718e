import { readdirSync, readFileSync } from 'node:fs';

/** Ends the process that computes for all pages of this test's browser, as a crashed driver would. Linux only. */
export function killGpuProcess(): void {
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isGpuProcess(pid) && isMine(pid));
  if (found.length === 0) throw new Error('The browser has no graphics process.');
  for (const pid of found) process.kill(Number(pid), 'SIGKILL');
}

function isGpuProcess(pid: string): boolean {
  return textOf(pid, 'cmdline').includes('--type=gpu-process');
}

/** Whether this process started it: another test may run beside this one. */
function isMine(pid: string): boolean {
  for (let ancestor = pid; Number(ancestor) > 1; ) {
    if (Number(ancestor) === process.pid) return true;
    ancestor = /PPid:\s+(\d+)/.exec(textOf(ancestor, 'status'))?.[1] ?? '0';
  }
  return false;
}

function textOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
