import { latin1Text } from './latin1.ts';

/*
 * The list of contents at the end of a .zip, read without the rest of the file, so that an archive of gigabytes costs
 * the memory of one entry at a time. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 to 4.3.16.
 * fflate's own reader wants the whole archive in memory, and unpacks an entry to its end even where it is larger than it says.
 */

/** An entry of the list of contents. */
export interface ZipEntry {
  readonly path: string;
  readonly folder: boolean;
  readonly encrypted: boolean;
  readonly method: 'stored' | 'deflated' | 'other';
  readonly crc32: number;
  readonly packedSize: number;
  /** Bytes after unpacking, as declared. */
  readonly size: number;
  /** Where the entry's own header begins, in bytes from the start of the file. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const IN_ZIP64 = 0xffffffff;
const MAX_COMMENT = 0xffff;
/** No honest list needs more for an entry. */
const MAX_BYTES_AN_ENTRY = 1024;

/**
 * - `no-end`: the record that ends every archive is missing
 * - `corrupt`: the list makes no sense
 * - `in-parts`: one part of an archive in several files
 * - `too-many`: more entries than are wanted
 */
export type ZipFault = 'no-end' | 'corrupt' | 'in-parts' | 'too-many';

/** The entries of an archive, or the fault of its list, with the number of entries it claims. */
export type ZipDirectory =
  | { readonly entries: readonly ZipEntry[] }
  | { readonly fault: ZipFault; readonly count: number };

/**
 * Reads the list of contents of an archive of `size` bytes. Yields the start and end of each part that it needs, and
 * takes that part.
 */
export function* readingZipDirectory(
  size: number,
  maxEntries: number,
): Generator<readonly [number, number], ZipDirectory, DataView> {
  const tailStart = Math.max(0, size - END_BYTES - MAX_COMMENT - END64_LOCATOR_BYTES);
  const tail = yield [tailStart, size];
  const endAt = findEnd(tail);
  if (endAt < 0) return { fault: 'no-end', count: 0 };

  const disks = tail.getUint16(endAt + 4, true) + tail.getUint16(endAt + 6, true);
  let count = tail.getUint16(endAt + 10, true);
  let bytes = tail.getUint32(endAt + 12, true);
  let offset = tail.getUint32(endAt + 16, true);
  let directoryEnd = tailStart + endAt;

  const locatorAt = endAt - END64_LOCATOR_BYTES;
  if (locatorAt >= 0 && tail.getUint32(locatorAt, true) === END64_LOCATOR_SIGNATURE) {
    const end64At = uint64(tail, locatorAt + 8);
    if (end64At + END64_BYTES > tailStart + locatorAt) return { fault: 'corrupt', count };
    const end64 = yield [end64At, end64At + END64_BYTES];
    if (end64.getUint32(0, true) !== END64_SIGNATURE) return { fault: 'corrupt', count };
    count = uint64(end64, 32);
    bytes = uint64(end64, 40);
    offset = uint64(end64, 48);
    directoryEnd = end64At;
  } else if (disks !== 0 && disks !== 0x1fffe) {
    return { fault: 'in-parts', count };
  }

  if (count > maxEntries) return { fault: 'too-many', count };
  // Something may come before the archive (a self-extracting program): all its offsets are then short by that much.
  const before = directoryEnd - bytes - offset;
  if (before < 0 || bytes < count * ENTRY_BYTES || bytes > (count + 1) * MAX_BYTES_AN_ENTRY) {
    return { fault: 'corrupt', count };
  }
  const entries = readEntries(yield [directoryEnd - bytes, directoryEnd], count, before, size);
  return entries === undefined ? { fault: 'corrupt', count } : { entries };
}

/** Undefined where the list makes no sense. */
function readEntries(directory: DataView, count: number, before: number, archiveSize: number): ZipEntry[] | undefined {
  const entries: (Omit<ZipEntry, 'path' | 'folder'> & { readonly name: Uint8Array; readonly host: number })[] = [];
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + ENTRY_BYTES > directory.byteLength || directory.getUint32(at, true) !== ENTRY_SIGNATURE) {
      return undefined;
    }
    const flags = directory.getUint16(at + 8, true);
    const method = directory.getUint16(at + 10, true);
    const pathBytes = directory.getUint16(at + 28, true);
    const extraBytes = directory.getUint16(at + 30, true);
    const commentBytes = directory.getUint16(at + 32, true);
    const pathAt = at + ENTRY_BYTES;
    const next = pathAt + pathBytes + extraBytes + commentBytes;
    if (next > directory.byteLength) return undefined;
    const [size, packedSize, ownOffset] = zip64Values(directory, pathAt + pathBytes, extraBytes, [
      directory.getUint32(at + 24, true),
      directory.getUint32(at + 20, true),
      directory.getUint32(at + 42, true),
    ]);
    const offset = ownOffset + before;
    if (offset + packedSize > archiveSize) return undefined;
    entries.push({
      name: new Uint8Array(directory.buffer, directory.byteOffset + pathAt, pathBytes),
      host: directory.getUint8(at + 5),
      encrypted: (flags & 1) !== 0,
      method: method === 0 ? 'stored' : method === 8 ? 'deflated' : 'other',
      crc32: directory.getUint32(at + 16, true),
      packedSize,
      size,
      offset,
    });
    at = next;
  }
  const textOf = pathReader(entries);
  return entries.map(({ name, host, ...entry }) => {
    const path = textOf(name);
    return { ...entry, path, folder: /[/\\]$/.test(path) };
  });
}

/** Those of size, packed size and offset that do not fit 32 bits are in extra field 1, in this order. */
function zip64Values(
  directory: DataView,
  start: number,
  length: number,
  values: readonly [number, number, number],
): [number, number, number] {
  const [size, packedSize, offset] = values;
  if (!values.includes(IN_ZIP64)) return [size, packedSize, offset];
  let at = start;
  while (at + 4 <= start + length) {
    const end = at + 4 + directory.getUint16(at + 2, true);
    if (directory.getUint16(at, true) === 1 && end <= start + length) {
      let field = at + 4;
      const full = (value: number) => {
        if (value !== IN_ZIP64 || field + 8 > end) return value;
        field += 8;
        return uint64(directory, field - 8);
      };
      return [full(size), full(packedSize), full(offset)];
    }
    at = end;
  }
  return [size, packedSize, offset];
}

/** From the back, because the comment after the record may hold anything, the signature too. */
function findEnd(tail: DataView): number {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) <= tail.byteLength) return at;
  }
  return -1;
}

function uint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The upper half of code page 437, in which .zip files of DOS and Windows have their names. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The host of an entry that DOS or Windows wrote (APPNOTE 4.4.2). */
const DOS = 0;
/** In 437; "á" in Latin-1. */
const SHARP_S = 0xe1;

/**
 * Reads the names of an archive. Many programs write UTF-8 without saying so. Other bytes are code page 437, as the
 * format has it; but where all of them are letters with accents in Latin-1, and some lines of tables in 437, Latin-1. An
 * archive has one of the two.
 */
function pathReader(
  entries: readonly { readonly name: Uint8Array; readonly host: number }[],
): (name: Uint8Array) => string {
  const others = entries.filter(({ name }) => utf8Text(name) === undefined);
  const marks = others.flatMap(({ name }) => [...name.filter((byte) => byte >= 128)]);
  const isSharp = marks.every((byte) => byte === SHARP_S) && others.every(({ host }) => host === DOS);
  const isLatin1 = marks.every((byte) => byte >= 0xc0) && !isSharp;
  const otherText = isLatin1 ? latin1Text : codePageText;
  return (name) => utf8Text(name) ?? otherText(name);
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function codePageText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128])).join('');
}
