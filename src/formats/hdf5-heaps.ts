/** Bytes of a collection's header, of an object's in it, and of a free block's. */
const HEADER = 16;
/** The offset after the last free block of a local heap. */
const NO_BLOCK = 1;

/**
 * The fault of a file's heaps, which hold its texts and the names of its groups; undefined of sound ones. HDF5's library
 * steps through them by the sizes and places that they name: with wrong ones it may step back and never end, or take
 * gigabytes first. Layout: "Disk Format: Level 1D and 1E" of the HDF5 File Format Specification,
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
export function heapFault(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (sizesOf(bytes).some((size) => size !== 8)) return 'its places and lengths are no numbers of 8 bytes';
  for (const at of placesOf('GCOL', bytes)) {
    // Version 1 and three reserved bytes; else these are four bytes of other data.
    if (at + HEADER > bytes.length || view.getUint32(at + 4, true) !== 1) continue;
    const fault = globalFault(view, at);
    if (fault !== undefined) return fault;
  }
  for (const at of placesOf('HEAP', bytes)) {
    if (at + 2 * HEADER > bytes.length || view.getUint32(at + 4, true) !== 0) continue;
    const fault = localFault(view, at);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Bytes of a place and of a length in the file, by the superblock at its start. Files of every library have 8. */
function sizesOf(bytes: Uint8Array): readonly (number | undefined)[] {
  const first = (bytes[8] ?? 0) < 2 ? 13 : 9;
  return [bytes[first], bytes[first + 1]];
}

function* placesOf(signature: string, bytes: Uint8Array): Generator<number> {
  const letters = new TextEncoder().encode(signature);
  const [first = 0] = letters;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (letters.every((letter, place) => bytes[at + place] === letter)) yield at;
  }
}

/** A collection of texts: each object begins behind the one before, by its size. */
function globalFault(view: DataView, at: number): string | undefined {
  const end = at + numberAt(view, at + 8);
  if (end > view.byteLength) return 'a heap of its texts is cut off';
  for (let object = at + HEADER; object + HEADER <= end; ) {
    const size = numberAt(view, object + 8);
    // Object 0 is free space, and its size counts its header.
    const step = view.getUint16(object, true) === 0 ? size : HEADER + 8 * Math.ceil(size / 8);
    if (step < HEADER || object + step > end) return 'the sizes in a heap of its texts are wrong';
    object += step;
  }
  return undefined;
}

/** Names of a group, apart from the header that says where: each free block names the next. */
function localFault(view: DataView, at: number): string | undefined {
  const [size, first, place] = [8, 16, 24].map((field) => numberAt(view, at + field));
  if (size === undefined || first === undefined || place === undefined) return undefined;
  if (place + size > view.byteLength) return 'a heap of its names is cut off';
  let left = Math.floor(size / HEADER);
  for (let block = first; block !== NO_BLOCK; left--) {
    if (left === 0 || block + HEADER > size) return 'the free blocks in a heap of its names are wrong';
    block = numberAt(view, place + block);
  }
  return undefined;
}

function numberAt(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
