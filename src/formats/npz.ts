import { unzipSync, zipSync } from 'fflate';
import { type NpyArray, readNpy, writeNpy } from './npy.ts';
import { FormatProblem } from './problem.ts';

/** Deflate cannot shrink anything further than 1032 to 1: an entry that claims more is lying. */
const LARGEST_DEFLATE_RATIO = 1032;

/** Bytes an entry takes in an archive's directory at least. */
const SMALLEST_DIRECTORY_ENTRY = 46;

/**
 * Reads a .npz file, stored or deflated, as numpy.savez and savez_compressed write it: array names to arrays.
 * Entries that are no .npy files are left out. What is allocated is bounded by the file's own size.
 * @throws FormatProblem
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpyArray> {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The .npz file is empty.', 'Save the arrays again.');
  const arrays = new Map<string, NpyArray>();
  for (const [name, content] of Object.entries(unzip(bytes)))
    arrays.set(name.slice(0, -'.npy'.length), readNpy(content));
  return arrays;
}

/** Writes a .npz file, stored and not deflated: float32 numbers hardly shrink. */
export function writeNpz(arrays: Readonly<Record<string, NpyArray>>): Uint8Array<ArrayBuffer> {
  const files = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)]));
  return new Uint8Array(zipSync(files, { level: 0 }));
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  // Entries may point at the same packed bytes; together they still cannot be larger than the file.
  let packed = 0;
  // fflate goes through as many entries as the archive claims, up to four thousand million.
  let entries = 0;
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        entries++;
        if (entries * SMALLEST_DIRECTORY_ENTRY > bytes.length) {
          throw new FormatProblem('inconsistent', 'The .npz archive claims too many files.', 'Save the arrays again.');
        }
        if (!name.endsWith('.npy')) return false;
        const possible = compression === 0 ? size : size * LARGEST_DEFLATE_RATIO + 1024;
        packed += size;
        if (packed > bytes.length || originalSize > possible) {
          throw new FormatProblem(
            'inconsistent',
            `"${name}" claims ${originalSize} bytes, which ${size} packed bytes cannot hold.`,
            'Save the arrays again.',
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof FormatProblem) throw error;
    // fflate throws plain errors (FlateError, RangeError) for anything wrong with the archive.
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatProblem(
      'wrong-format',
      `The .npz archive cannot be unpacked: ${reason}.`,
      'Copy or save it again.',
    );
  }
}
