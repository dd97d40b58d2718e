/*
 * A WebAssembly module says in one byte whether its memory is shared among threads. tfjs ships a module with threads, but
 * that one starts workers of its own, from a blob, and computes otherwise; so its module for one thread gets that byte, and
 * computes as ever on a memory that our threads share.
 */

/** Limits of a memory with a maximum, as modules write them: of one thread, or shared. */
const LIMITS = { own: 0x01, shared: 0x03 } as const;

/** The id of the section in which a module describes its own memory. */
const MEMORY_SECTION = 5;

/** An import of "env" "memory": lengths and letters of the names, and the kind, which is memory. */
const IMPORTED_MEMORY = [3, ...lettersOf('env'), 6, ...lettersOf('memory'), 2];

function lettersOf(name: string): number[] {
  return Array.from(name, (letter) => letter.charCodeAt(0));
}

/** Has a module import a shared memory, or one that is not; in place. @throws Error where it imports none */
export function shareImport(module: Uint8Array, shared: boolean): void {
  const last = module.length - IMPORTED_MEMORY.length;
  for (let at = 8; at < last; at++) {
    if (!IMPORTED_MEMORY.every((byte, index) => module[at + index] === byte)) continue;
    module[at + IMPORTED_MEMORY.length] = shared ? LIMITS.shared : LIMITS.own;
    return;
  }
  throw new Error('The WebAssembly module imports no memory.');
}

/** A copy of a module whose own memory is shared; nothing where it has no memory, or one without a maximum. */
export function withSharedMemory(module: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const section = sectionOf(module, MEMORY_SECTION);
  // One memory, and then its limits.
  if (section === undefined || module[section] !== 1 || module[section + 1] !== LIMITS.own) return undefined;
  const copy = new Uint8Array(module);
  copy[section + 1] = LIMITS.shared;
  return copy;
}

/** Where the contents of the first section of this kind begin. */
function sectionOf(module: Uint8Array, id: number): number | undefined {
  // After the magic number and the version.
  let at = 8;
  while (at < module.length) {
    const kind = module[at];
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = module[++at] ?? 0;
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte >= 0x80);
    at++;
    if (kind === id) return at;
    at += length;
  }
  return undefined;
}
