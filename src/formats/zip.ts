import { Budget, OBJECT_BYTES } from './budget.ts';
import { inflateAtMost } from './inflate.ts';
import { FormatProblem } from './problem.ts';
import { readingZipDirectory, type ZipEntry, type ZipFault } from './zip-directory.ts';

/** Deflate cannot shrink anything further than 1032 to 1: an entry that claims more is lying. */
const LARGEST_DEFLATE_RATIO = 1032;

/** The approximate memory of an entry of the list of contents, with its path and its place in the list. */
const LISTED_BYTES = 2 * OBJECT_BYTES;

const HEADER_SIGNATURE = 0x04034b50;
const HEADER_BYTES = 30;

/** Whether the bytes start as a zip archive does. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))
  );
}

/**
 * Unpacks the wanted entries of a zip archive: names to contents. Their sizes are charged to the budget before
 * anything is unpacked, and none is unpacked further than its size. `kind` names the archive in messages: ".npz".
 * @throws FormatProblem
 */
export function unzip(
  bytes: Uint8Array,
  kind: string,
  wanted: (name: string) => boolean = () => true,
  budget = new Budget(bytes.length),
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  // Entries may point at the same packed bytes; together they still cannot be larger than the file.
  let packed = 0;
  for (const entry of entriesIn(bytes, kind, budget)) {
    const { path, packedSize, size, method } = entry;
    if (!wanted(path)) continue;
    const possible = method === 'stored' ? packedSize : packedSize * LARGEST_DEFLATE_RATIO + 1024;
    packed += packedSize;
    if (packed > bytes.length || size > possible) {
      throw new FormatProblem(
        'inconsistent',
        `"${path.slice(0, 80)}" claims ${size} bytes, which ${packedSize} packed bytes cannot hold.`,
        'Copy or save the archive again.',
      );
    }
    // Stored entries are copied as well.
    budget.charge(size + OBJECT_BYTES, 'the files in the archive');
    files.set(path, contentOf(bytes, entry, kind));
  }
  return files;
}

/** The list of contents. */
function entriesIn(bytes: Uint8Array, kind: string, budget: Budget): readonly ZipEntry[] {
  const reading = readingZipDirectory(bytes.length, Math.floor(budget.limit / LISTED_BYTES));
  let step = reading.next();
  while (step.done !== true) {
    const [start, end] = step.value;
    step = reading.next(new DataView(bytes.buffer, bytes.byteOffset + start, end - start));
  }
  if ('fault' in step.value) throw unreadable(kind, reasonOf(step.value.fault, bytes));
  const { entries } = step.value;
  const list = LISTED_BYTES * entries.length;
  budget.charge(list, 'its list of contents');
  budget.release(list);
  return entries;
}

function reasonOf(fault: ZipFault, bytes: Uint8Array): string {
  if (fault === 'no-end' && bytes.length === 0) return 'the file is empty';
  if (fault === 'no-end' && !looksLikeZip(bytes)) return 'the file is no .zip';
  return FAULTS[fault];
}

const FAULTS: Readonly<Record<ZipFault, string>> = {
  'no-end': 'its end is missing, so it was cut short',
  corrupt: 'its list of contents makes no sense',
  'in-parts': 'it is one part of several',
  'too-many': 'it lists too many files',
};

function contentOf(bytes: Uint8Array, entry: ZipEntry, kind: string): Uint8Array {
  const { path, packedSize, size, offset, method } = entry;
  const name = `"${path.slice(0, 80)}"`;
  const header = new DataView(bytes.buffer, bytes.byteOffset + offset, Math.min(HEADER_BYTES, bytes.length - offset));
  if (header.byteLength < HEADER_BYTES || header.getUint32(0, true) !== HEADER_SIGNATURE) {
    throw unreadable(kind, `${name} is not where its list of contents says`);
  }
  if (entry.encrypted) throw unreadable(kind, `${name} is locked with a password`);
  if (method === 'other') throw unreadable(kind, `${name} is packed with a method that is not read here`);
  const start = offset + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packedSize > bytes.length) throw unreadable(kind, `${name} is cut short`);
  const packed = bytes.subarray(start, start + packedSize);
  const whole = method === 'stored' ? { bytes: packed.slice(), over: false } : inflated(packed, size, kind, name);
  if (whole.over || whole.bytes.length !== size) throw unreadable(kind, `${name} has another size than it says`);
  return whole.bytes;
}

function inflated(packed: Uint8Array, size: number, kind: string, name: string): ReturnType<typeof inflateAtMost> {
  try {
    return inflateAtMost(packed, size);
  } catch {
    // fflate throws plain errors for data that are no deflated ones.
    throw unreadable(kind, `${name} is damaged`);
  }
}

function unreadable(kind: string, reason: string): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    `The ${kind} archive cannot be unpacked: ${reason}.`,
    'Copy or save it again.',
  );
}
