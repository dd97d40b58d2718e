import { zipSync } from 'fflate';
import { type NpyArray, readNpy, writeNpy } from './npy.ts';
import { FormatProblem } from './problem.ts';
import { unzip } from './zip.ts';

/**
 * Reads a .npz file, stored or deflated, as numpy.savez and savez_compressed write it: array names to arrays.
 * Entries that are no .npy files are left out. What is allocated is bounded by the file's own size.
 * @throws FormatProblem
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpyArray> {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The .npz file is empty.', 'Save the arrays again.');
  const arrays = new Map<string, NpyArray>();
  for (const [name, content] of unzip(bytes, '.npz', (entry) => entry.endsWith('.npy'))) {
    arrays.set(name.slice(0, -'.npy'.length), readNpy(content));
  }
  return arrays;
}

/** Writes a .npz file, stored and not deflated: float32 numbers hardly shrink. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array<ArrayBuffer> {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)]));
  return new Uint8Array(zipSync(files, { level: 0 }));
}
