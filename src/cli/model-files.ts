import { readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { ModelFile } from '../exchange/import/model-files.ts';
import { UsageError } from './arguments.ts';
import { readWhole } from './files.ts';

/** The files named, and those in folders, two folders deep. @throws UsageError */
export function modelFilesAt(paths: readonly string[]): ModelFile[] {
  const names = paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file "${path}".`);
    return statSync(path).isDirectory() ? filesIn(path, 2) : [path];
  });
  return [...new Set(names)].map((name) => ({ name, bytes: readWhole(name) }));
}

/** A file that a model names, in the model's own folder or below it. */
export function besideOnDisk(model: string, path: string): Uint8Array | undefined {
  const inside = normalize(path);
  // A model may name any path; it gets none outside its folder.
  if (isAbsolute(inside) || inside.startsWith('..')) return undefined;
  const found = join(dirname(model), inside);
  return statSync(found, { throwIfNoEntry: false })?.isFile() ? readWhole(found) : undefined;
}

function filesIn(folder: string, depth: number): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    return entry.isDirectory() && depth > 1 ? filesIn(path, depth - 1) : [];
  });
}
