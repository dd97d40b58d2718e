import type { ByteSource } from './byte-source.ts';
import { ImportError } from './import-error.ts';

/*
 * The list of contents at the end of a .zip, read without the rest of the file, so that an archive of gigabytes costs
 * the memory of one image at a time. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 to 4.3.16.
 * fflate's own reader wants the whole archive in memory.
 */

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
const FIRST_ENTRY_SIGNATURE = 0x04034b50;
const IN_ZIP64 = 0xffffffff;
const MAX_COMMENT = 0xffff;
/** No honest list needs more for an entry. */
const MAX_BYTES_AN_ENTRY = 1024;

/**
 * Reads the list of an archive's contents.
 * @param name the archive, for messages
 * @throws ImportError `not-an-archive`, `archive-truncated`, `archive-corrupt`, `archive-unsupported`,
 * `too-many-files`,
 *   `file-unreadable`
 */
export async function readZipDirectory(name: string, archive: ByteSource, maxEntries: number): Promise<ZipEntry[]> {
  const read = (start: number, end: number) => readPart(name, archive, start, end);
  const tailStart = Math.max(0, archive.size - END_BYTES - MAX_COMMENT - END64_LOCATOR_BYTES);
  const tail = await read(tailStart, archive.size);
  const endAt = findEnd(tail);
  if (endAt < 0) throw await noEnd(name, read, archive.size);

  const disks = tail.getUint16(endAt + 4, true) + tail.getUint16(endAt + 6, true);
  let count = tail.getUint16(endAt + 10, true);
  let bytes = tail.getUint32(endAt + 12, true);
  let offset = tail.getUint32(endAt + 16, true);
  let directoryEnd = tailStart + endAt;

  const locatorAt = endAt - END64_LOCATOR_BYTES;
  if (locatorAt >= 0 && tail.getUint32(locatorAt, true) === END64_LOCATOR_SIGNATURE) {
    const end64At = uint64(tail, locatorAt + 8);
    if (end64At + END64_BYTES > tailStart + locatorAt) throw corrupt(name);
    const end64 = await read(end64At, end64At + END64_BYTES);
    if (end64.getUint32(0, true) !== END64_SIGNATURE) throw corrupt(name);
    count = uint64(end64, 32);
    bytes = uint64(end64, 40);
    offset = uint64(end64, 48);
    directoryEnd = end64At;
  } else if (disks !== 0 && disks !== 0x1fffe) {
    throw new ImportError(
      'archive-unsupported',
      `${name} is one part of an archive in several files.`,
      'Join the parts and unpack them, then drop the folder.',
    );
  }

  if (count > maxEntries) {
    throw new ImportError(
      'too-many-files',
      `${name} lists ${count} files; up to ${maxEntries} are read.`,
      'Drop fewer people.',
    );
  }
  // Something may come before the archive (a self-extracting program): all its offsets are then short by that much.
  const before = directoryEnd - bytes - offset;
  if (before < 0 || bytes < count * ENTRY_BYTES || bytes > (count + 1) * MAX_BYTES_AN_ENTRY) throw corrupt(name);
  const directory = await read(directoryEnd - bytes, directoryEnd);
  return readEntries(name, directory, count, before, archive.size);
}

function readEntries(
  name: string,
  directory: DataView,
  count: number,
  before: number,
  archiveSize: number,
): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let entry = 0; entry < count; entry++) {
    if (at + ENTRY_BYTES > directory.byteLength || directory.getUint32(at, true) !== ENTRY_SIGNATURE)
      throw corrupt(name);
    const flags = directory.getUint16(at + 8, true);
    const method = directory.getUint16(at + 10, true);
    const pathBytes = directory.getUint16(at + 28, true);
    const extraBytes = directory.getUint16(at + 30, true);
    const commentBytes = directory.getUint16(at + 32, true);
    const pathAt = at + ENTRY_BYTES;
    const next = pathAt + pathBytes + extraBytes + commentBytes;
    if (next > directory.byteLength) throw corrupt(name);
    const path = pathText(new Uint8Array(directory.buffer, directory.byteOffset + pathAt, pathBytes));
    const [size, packedSize, ownOffset] = zip64Values(directory, pathAt + pathBytes, extraBytes, [
      directory.getUint32(at + 24, true),
      directory.getUint32(at + 20, true),
      directory.getUint32(at + 42, true),
    ]);
    const offset = ownOffset + before;
    if (offset + packedSize > archiveSize) throw corrupt(name);
    entries.push({
      path,
      folder: /[/\\]$/.test(path),
      encrypted: (flags & 1) !== 0,
      method: method === 0 ? 'stored' : method === 8 ? 'deflated' : 'other',
      crc32: directory.getUint32(at + 16, true),
      packedSize,
      size,
      offset,
    });
    at = next;
  }
  return entries;
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

async function noEnd(
  name: string,
  read: (start: number, end: number) => Promise<DataView>,
  size: number,
): Promise<ImportError> {
  const begins = size >= 4 && (await read(0, 4)).getUint32(0, true) === FIRST_ENTRY_SIGNATURE;
  if (begins) {
    return new ImportError(
      'archive-truncated',
      `${name} is cut short: its end is missing.`,
      'Download or copy it again.',
    );
  }
  return new ImportError('not-an-archive', `${name} is not a .zip file inside.`, 'Drop a .zip, or the folder itself.');
}

function corrupt(name: string): ImportError {
  return new ImportError(
    'archive-corrupt',
    `${name} is damaged: its list of contents makes no sense.`,
    'Pack or download it again.',
  );
}

async function readPart(name: string, archive: ByteSource, start: number, end: number): Promise<DataView> {
  try {
    const bytes = await archive.slice(start, end).arrayBuffer();
    if (bytes.byteLength === end - start) return new DataView(bytes);
  } catch (cause) {
    throw unreadable(name, { cause });
  }
  throw unreadable(name);
}

function unreadable(name: string, options?: ErrorOptions): ImportError {
  return new ImportError(
    'file-unreadable',
    `${name} cannot be read any more.`,
    'Was it moved or changed? Drop it again.',
    options,
  );
}

function uint64(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const latin1 = new TextDecoder('latin1');

/** The upper half of code page 437, in which .zip files of DOS and Windows have their names. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/**
 * Many programs write UTF-8 without saying so. Other bytes are code page 437, as the format has it; but bytes that are
 * letters with accents in Latin-1, and lines of tables in 437, are Latin-1.
 */
function pathText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    if (bytes.every((byte) => byte < 128 || byte >= 0xc0)) return latin1.decode(bytes);
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128])).join('');
  }
}
