import { latin1Text } from './latin1.ts';
import { plainPath } from './plain-path.ts';

/** A file in a .tar, and where its bytes lie. */
export interface TarEntry {
  /** As `plainPath` gives it. */
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
 * do: undefined where one is damaged or the archive is cut short. Some programs leave out the empty blocks at the end. As
 * when unpacked, a later file replaces an earlier one of its path, and a link is the file to which it leads: an empty one
 * where that is not in the archive.
 */
export async function readTar(
  read: (start: number, end: number) => Promise<Uint8Array>,
  size: number,
  maxFiles: number,
): Promise<readonly TarEntry[] | undefined> {
  const files = new Map<string, TarEntry>();
  const links = new Map<string, string>();
  let long: LongNames = {};
  for (let at = 0; at < size && files.size + links.size <= maxFiles; ) {
    if (at + BLOCK > size) return undefined;
    const header = await read(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const length = numberAt(header, 124, 12);
    if (!checksumHolds(header) || length === undefined || at + BLOCK + length > size) return undefined;
    const start = at + BLOCK;
    const kind = text(header, 156, 1);
    const longName = async () => untilZero(utf8.decode(await read(start, start + Math.min(length, 4096))));
    if (kind === 'L') long = { ...long, path: await longName() };
    else if (kind === 'K') long = { ...long, target: await longName() };
    else if (kind === 'x') long = { ...long, ...paxNames(await read(start, start + Math.min(length, 65_536))) };
    else {
      const path = plainPath(long.path ?? pathOf(header));
      const target = long.target ?? untilZero(utf8.decode(header.subarray(157, 257)));
      if (kind === '0' || kind === '' || kind === '\0') {
        links.delete(path);
        files.set(path, { path, start, size: length });
      } else if (kind === '1') {
        links.delete(path);
        files.set(path, { ...(files.get(plainPath(target)) ?? { start, size: 0 }), path });
      } else if (kind === '2') {
        files.delete(path);
        // From the root of a disk it leads out of the archive.
        links.set(path, target.startsWith('/') ? target : plainPath(`${path}/../${target}`));
      }
      long = {};
    }
    at = start + BLOCK * Math.ceil(length / BLOCK);
  }
  return [...files.values(), ...linked(files, links, maxFiles)];
}

/** How often links to links are followed. */
const MOST_STEPS = 8;

/** The files to which symbolic links lead, to one or to a folder; `maxFiles` and one more at most. */
function linked(
  files: ReadonlyMap<string, TarEntry>,
  links: ReadonlyMap<string, string>,
  maxFiles: number,
): readonly TarEntry[] {
  if (links.size === 0) return [];
  const paths = [...files.keys(), ...links.keys()].sort();
  const all = new Map(files);
  const folders: [path: string, folder: string, at: number][] = [];
  for (const [path, first] of links) {
    let target = first;
    for (let step = 0; step < MOST_STEPS; step++) target = links.get(target) ?? target;
    const folder = `${target}/`;
    const at = firstFrom(paths, folder);
    if (paths[at]?.startsWith(folder) !== true) all.set(path, { start: 0, size: 0, ...files.get(target), path });
    // A folder that is linked to within itself has no end.
    else if (!path.startsWith(folder)) folders.push([path, folder, at]);
  }
  const found = [...links.keys()].flatMap((path) => all.get(path) ?? []);
  for (const [path, folder, first] of folders) {
    for (let at = first; files.size + found.length <= maxFiles; at++) {
      const inside = paths[at];
      if (inside?.startsWith(folder) !== true) break;
      found.push({ start: 0, size: 0, ...all.get(inside), path: `${path}/${inside.slice(folder.length)}` });
    }
  }
  return found;
}

/** The place of the first of sorted names that does not come before `name`. */
function firstFrom(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A path and the target of a link that are too long for a header. */
interface LongNames {
  readonly path?: string;
  readonly target?: string;
}

function pathOf(header: Uint8Array): string {
  const name = untilZero(utf8.decode(header.subarray(0, 100)));
  const prefix = text(header, 257, 6) === 'ustar\0' ? untilZero(utf8.decode(header.subarray(345, 500))) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The records "27 path=..." and "30 linkpath=...": a length of the whole record, a key and a value. */
function paxNames(bytes: Uint8Array): LongNames {
  const records = utf8.decode(bytes);
  const [, path] = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(records) ?? [];
  const [, target] = /(?:^|\n)\d+ linkpath=([^\n]*)\n/.exec(records) ?? [];
  return { ...(path !== undefined && { path }), ...(target !== undefined && { target }) };
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
