import { spawnSync } from 'node:child_process';

/** A Python with the packages that a test compares with, or the reason why there is none. */
export interface Python {
  /** Undefined where no Python has all of the packages. */
  readonly command: string | undefined;
  /** For the title of tests that need it: empty, or " (skipped: no Python with torch; set PYTHON)". */
  readonly skipped: string;
  /** Runs it and gives its standard output. Throws with all it said where it fails, or takes too long. */
  run(args: readonly string[], options?: PythonOptions): Uint8Array<ArrayBuffer>;
}

export interface PythonOptions {
  /** Its standard input. */
  readonly input?: Uint8Array;
  readonly cwd?: string;
  /** In ms; 110,000 by default. */
  readonly timeout?: number;
}

/** $PYTHON, else the first on the path, else Debian's. Packages by the names they are imported by. */
export function pythonWith(...packages: readonly string[]): Python {
  const command = [process.env.PYTHON, 'python3', '/usr/bin/python3']
    .filter((candidate) => candidate !== undefined)
    .find(
      (candidate) => spawnSync(candidate, ['-c', packages.map((name) => `import ${name}`).join('\n')]).status === 0,
    );
  return {
    command,
    skipped: command === undefined ? ` (skipped: no Python with ${packages.join(', ')}; set PYTHON)` : '',
    run(args, { input, cwd, timeout = 110_000 } = {}) {
      const { status, stdout, stderr, error } = spawnSync(command ?? '', args, {
        input,
        cwd,
        // One thread each: several test files run side by side. No caches are left in the repository.
        env: { ...process.env, OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
        maxBuffer: 2 ** 29,
        timeout,
      });
      if (error !== undefined) throw error;
      if (status !== 0)
        throw new Error(`python ${args.join(' ').slice(0, 200)} ended with ${status}:\n${stdout}\n${stderr}`);
      return new Uint8Array(stdout);
    },
  };
}

/** The standard output of a script, as text. */
export function textFrom(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
