import { unzipSync } from 'fflate';
import { Budget, OBJECT_BYTES } from './budget.ts';
import { FormatProblem } from './problem.ts';

/** Deflate cannot shrink anything further than 1032 to 1: an entry that claims more is lying. */
const LARGEST_DEFLATE_RATIO = 1032;

/** Bytes an entry takes in an archive's directory at least. */
const SMALLEST_DIRECTORY_ENTRY = 46;

/** Whether the bytes start as a zip archive does. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * Unpacks the wanted entries of a zip archive: names to contents. Their sizes are charged to the budget before
 * anything is unpacked. `kind` names the archive in messages: ".npz".
 * @throws FormatProblem
 */
export function unzip(
  bytes: Uint8Array,
  kind: string,
  wanted: (name: string) => boolean = () => true,
  budget = new Budget(bytes.length),
): ReadonlyMap<string, Uint8Array> {
  // Entries may point at the same packed bytes; together they still cannot be larger than the file.
  let packed = 0;
  // fflate goes through as many entries as the archive claims, up to four thousand million.
  let entries = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, size, originalSize, compression }) => {
        entries++;
        if (entries * SMALLEST_DIRECTORY_ENTRY > bytes.length) {
          throw new FormatProblem(
            'inconsistent',
            `The ${kind} archive claims too many files.`,
            'Copy or save the archive again.',
          );
        }
        if (!wanted(name)) return false;
        const possible = compression === 0 ? size : size * LARGEST_DEFLATE_RATIO + 1024;
        packed += size;
        if (packed > bytes.length || originalSize > possible) {
          throw new FormatProblem(
            'inconsistent',
            `"${name.slice(0, 80)}" claims ${originalSize} bytes, which ${size} packed bytes cannot hold.`,
            'Copy or save the archive again.',
          );
        }
        // Stored entries are copied as well.
        budget.charge(originalSize + OBJECT_BYTES, 'the files in the archive');
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (error) {
    if (error instanceof FormatProblem) throw error;
    // fflate throws plain errors (FlateError, RangeError) for anything wrong with the archive.
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatProblem(
      'wrong-format',
      `The ${kind} archive cannot be unpacked: ${reason}.`,
      'Copy or save it again.',
    );
  }
}
