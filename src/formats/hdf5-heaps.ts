const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c]; // GCOL
/** Of a collection and of an object in it, where lengths have 8 bytes. */
const HEADER = 16;

/**
 * The fault of a file's global heaps, which hold its texts; undefined of sound ones. HDF5's library steps from object to
 * object by their sizes, and with a wrong one it may step back and never end. Layout: "Disk Format: Level 1E" of the HDF5
 * File Format Specification, https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
export function globalHeapFault(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(0x47); at >= 0; at = bytes.indexOf(0x47, at + 1)) {
    if (!SIGNATURE.every((byte, place) => bytes[at + place] === byte)) continue;
    // Version 1 and three reserved bytes; else these are four bytes of other data.
    if (at + HEADER > bytes.length || view.getUint32(at + 4, true) !== 1) continue;
    const end = at + Number(view.getBigUint64(at + 8, true));
    if (end > bytes.length) return 'a heap of its texts is cut off';
    for (let object = at + HEADER; object + HEADER <= end; ) {
      const size = Number(view.getBigUint64(object + 8, true));
      // Object 0 is free space, and its size counts its header.
      const step = view.getUint16(object, true) === 0 ? size : HEADER + 8 * Math.ceil(size / 8);
      if (step < HEADER || object + step > end) return 'the sizes in a heap of its texts are wrong';
      object += step;
    }
  }
  return undefined;
}

/** Bytes of a length in the file, by its superblock at the start: 8 in files of every library. */
export function lengthBytes(bytes: Uint8Array): number | undefined {
  const version = bytes[8];
  return version === undefined ? undefined : bytes[version < 2 ? 14 : 10];
}
