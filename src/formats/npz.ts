import { zipSync } from 'fflate';
import { Budget } from './budget.ts';
import { isNumeric, type NpyArray, readNpy, readNpyHeader, writeNpy } from './npy.ts';
import { FormatProblem } from './problem.ts';
import { unzip } from './zip.ts';

export interface NpzFile {
  /** By their names. */
  readonly arrays: ReadonlyMap<string, NpyArray>;
  /** Arrays of objects, texts, records and other elements that are no numbers read here: their .npy files. */
  readonly others: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads a .npz file, stored or deflated, as numpy.savez and savez_compressed write it. Entries that are no .npy files are
 * left out.
 * @throws FormatProblem
 */
export function readNpz(bytes: Uint8Array, budget = new Budget(bytes.length)): NpzFile {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The .npz file is empty.', 'Save the arrays again.');
  const arrays = new Map<string, NpyArray>();
  const others = new Map<string, Uint8Array>();
  for (const [file, content] of unzip(bytes, '.npz', (entry) => entry.endsWith('.npy'), budget)) {
    const name = file.slice(0, -'.npy'.length);
    // Elements are copied out of the file, those of half precision twice as wide, and turned where their order is another.
    budget.charge(3 * content.length, 'its arrays');
    if (isNumeric(readNpyHeader(content))) arrays.set(name, readNpy(content));
    else others.set(name, content);
  }
  return { arrays, others };
}

/** Writes a .npz file, stored and not deflated: float32 numbers hardly shrink. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array<ArrayBuffer> {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)]));
  return new Uint8Array(zipSync(files, { level: 0 }));
}
