import { latin1Text } from './latin1.ts';

/** A file in a .tar, and where its bytes lie. */
export interface TarEntry {
  readonly path: string;
  readonly start: number;
  readonly size: number;
}

const BLOCK = 512;
const utf8 = new TextDecoder();

/** Whether a file begins like a .tar of POSIX, GNU or Unix V7: the checksum of its first header holds. */
export function isTar(start: Uint8Array): boolean {
  return start.length >= BLOCK && checksumHolds(start);
}

/**
 * Lists the files of a .tar, POSIX (pax) or GNU, with long names of both; `read` gives bytes of it. Ends where the headers
 * do: undefined where one is damaged or the archive is cut short. Some programs leave out the empty blocks at the end.
 */
export async function readTar(
  read: (start: number, end: number) => Promise<Uint8Array>,
  size: number,
  maxFiles: number,
): Promise<readonly TarEntry[] | undefined> {
  const entries: TarEntry[] = [];
  let longName: string | undefined;
  for (let at = 0; at < size && entries.length <= maxFiles; ) {
    if (at + BLOCK > size) return undefined;
    const header = await read(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return entries;
    const length = numberAt(header, 124, 12);
    if (!checksumHolds(header) || length === undefined || at + BLOCK + length > size) return undefined;
    const start = at + BLOCK;
    const kind = text(header, 156, 1);
    if (kind === 'L') longName = untilZero(utf8.decode(await read(start, start + Math.min(length, 4096))));
    else if (kind === 'x') longName = paxPath(await read(start, start + Math.min(length, 65_536))) ?? longName;
    else {
      if (kind === '0' || kind === '' || kind === '\0') {
        entries.push({ path: longName ?? pathOf(header), start, size: length });
      }
      longName = undefined;
    }
    at = start + BLOCK * Math.ceil(length / BLOCK);
  }
  return entries;
}

function pathOf(header: Uint8Array): string {
  const name = untilZero(utf8.decode(header.subarray(0, 100)));
  const prefix = text(header, 257, 6) === 'ustar\0' ? untilZero(utf8.decode(header.subarray(345, 500))) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The record "27 path=...": a length of the whole record, a key and a value. */
function paxPath(bytes: Uint8Array): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(utf8.decode(bytes))?.[1];
}

/** Octal digits, or with the highest bit set a number in base 256. */
function numberAt(header: Uint8Array, at: number, length: number): number | undefined {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    return header.subarray(at + 1, at + length).reduce((value, byte) => value * 256 + byte, 0);
  }
  const digits = untilZero(text(header, at, length)).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined;
}

/** The sum of the header's bytes, with the sum itself taken as spaces. */
function checksumHolds(header: Uint8Array): boolean {
  const sum = header.subarray(0, BLOCK).reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 32 : byte), 0);
  return numberAt(header, 148, 8) === sum;
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return latin1Text(bytes.subarray(at, at + length));
}

function untilZero(value: string): string {
  const end = value.indexOf('\0');
  return end < 0 ? value : value.slice(0, end);
}
