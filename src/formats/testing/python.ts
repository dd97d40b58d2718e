import { spawnSync } from 'node:child_process';

/** A Python with numpy, or undefined. `PYTHON` names one; else those of the path and of Debian are tried. */
export const python = [process.env.PYTHON ?? 'python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import numpy']).status === 0,
);

/** Added to the title of tests that need it. */
export const withoutPython = python === undefined ? ' (skipped: no Python with numpy)' : '';

/** Runs a script; what it writes to its standard output. `input` is on its standard input. */
export function runPython(script: string, input: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> {
  const { status, stdout, stderr } = spawnSync(python ?? '', ['-c', script], { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Uint8Array(stdout);
}
