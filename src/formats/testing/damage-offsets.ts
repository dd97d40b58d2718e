import { type Change, changed } from './mutations.ts';

/**
 * Changes files that refer to their parts by offsets: a part gets a second place that refers to it, or refers to one
 * that holds it. Of flatbuffers offsets count from their own place in four bytes; HDF5's addresses count from the front
 * in eight.
 */
export function damageOffsets(kind: 'flatbuffer' | 'hdf5'): Change {
  const width = kind === 'hdf5' ? 8 : 4;
  return (bytes, below) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const places = Math.floor(bytes.length / width);
    const read = (at: number) => (width === 8 ? Number(view.getBigUint64(at, true)) : view.getUint32(at, true));
    // Words that lead to a place inside the file; a few draws find two.
    const offset = () => {
      for (let draw = 0; draw < 200; draw++) {
        const at = width * below(places || 1);
        if (at + width > bytes.length) break;
        const value = read(at);
        const target = kind === 'hdf5' ? value : at + value;
        if (value >= 4 && target < bytes.length) return { at, target };
      }
      return undefined;
    };
    const one = offset();
    const other = offset();
    if (one === undefined || other === undefined) return changed(bytes, below);
    const target = [other.target, other.at, one.at, width * below(places)][below(4)] ?? 0;
    if (kind === 'hdf5') view.setBigUint64(one.at, BigInt(target), true);
    else view.setUint32(one.at, (target - one.at) >>> 0, true);
    return bytes;
  };
}
