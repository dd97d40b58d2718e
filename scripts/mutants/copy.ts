import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutant.ts';

/** The part of the working tree that tests need; node_modules is linked. */
const PARTS = ['src', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

/** The file with the mutant in it. @throws Error where the search text is not found exactly once */
export function mutated(source: string, { file, search, replace, breaks }: Mutant): string {
  const places = source.split(search).length - 1;
  if (places !== 1) {
    throw new Error(
      `${file}, "${breaks}": the search text is found ${places} times; it must be found once. Mend the table.`,
    );
  }
  // As a function: "$" in the replacement stays as it is.
  return source.replace(search, () => replace);
}

/** A temporary copy of the working tree, in which one mutant at a time lives. */
export class TreeCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'mutants-'));

  constructor(from: string) {
    for (const part of PARTS) cpSync(join(from, part), join(this.root, part), { recursive: true });
    symlinkSync(join(from, 'node_modules'), join(this.root, 'node_modules'));
  }

  /** Does something while the mutant is in place. @throws Error where the search text is not found exactly once */
  with<T>(mutant: Mutant, action: () => T): T {
    const path = join(this.root, mutant.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, mutated(source, mutant));
    try {
      return action();
    } finally {
      writeFileSync(path, source);
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
