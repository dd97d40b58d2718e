import { deflateSync, zipSync } from 'fflate';
import { joinBytes } from '../join-bytes.ts';
import { bytesOf, u32 } from './pickles.ts';
import { filled, type Make, u16 } from './repeated.ts';

/** Zip archives that unpack to a thousand times their size, as different files. */
const BOMBS = ['model.onnx', 'a.safetensors', 'archive/data.pkl', 'a.npy', 'model.json', 'run.json', 'a.bin', 'a.h5'];

/** The record that ends a directory, without a comment. */
const END = 22;

/** An archive of one file of zeros that is a thousand times as large as the archive, and says so. */
function bomb(name: string, size: number): Uint8Array<ArrayBuffer> {
  const packed = deflatedZeros(size);
  return oneDeflated(name, packed, FEW_ZEROS + COPIED * (packed.length - FEW.length));
}

const FEW_ZEROS = 1_000_000;
const FEW = deflateSync(new Uint8Array(FEW_ZEROS), { level: 9 });
/** In its middle each zero byte is four copies of 258 bytes. */
const COPIED = 1032;

/** About `size` bytes of deflated data, in one block, that unpack to a thousand times as many zeros. */
export function deflatedZeros(size: number): Uint8Array<ArrayBuffer> {
  const middle = FEW.length / 2;
  return joinBytes([FEW.subarray(0, middle), new Uint8Array(Math.max(0, size - FEW.length)), FEW.subarray(middle)]);
}

/** An archive of one deflated file that says it has so many bytes. */
export function oneDeflated(name: string, packed: Uint8Array, claimed: number): Uint8Array<ArrayBuffer> {
  const about = bytesOf(u16(20), u16(0), u16(8), u32(0), u32(0), u32(packed.length), u32(claimed), u16(name.length));
  const file = bytesOf(u32(0x04034b50), about, u16(0), name, packed);
  const entry = bytesOf(u32(0x02014b50), u16(20), about, new Uint8Array(16), name);
  const end = bytesOf(u32(0x06054b50), new Uint8Array(4), u16(1), u16(1), u32(entry.length), u32(file.length), u16(0));
  return joinBytes([file, entry, end]);
}

/** Many entries of the directory that all point at the first one's bytes. */
function overlapping(size: number): Uint8Array<ArrayBuffer> {
  const one = bomb('a.npy', 0.4 * size);
  const start = new DataView(one.buffer).getUint32(one.length - END + 16, true);
  const directory = one.subarray(start, one.length - END);
  const count = Math.min(60_000, Math.floor(size / directory.length));
  const end = one.slice(one.length - END);
  const last = new DataView(end.buffer);
  last.setUint16(8, count, true);
  last.setUint16(10, count, true);
  last.setUint32(12, count * directory.length, true);
  return joinBytes([one.subarray(0, start), ...Array.from({ length: count }, () => directory), end]);
}

/** The form for more than 65,535 entries (zip64), all of one empty file. */
function longList(size: number): Uint8Array<ArrayBuffer> {
  const file = bytesOf(u32(0x04034b50), u16(20), new Uint8Array(20), u16(5), u16(0), 'a.npy');
  const entry = bytesOf(u32(0x02014b50), u16(20), u16(20), new Uint8Array(20), u16(5), new Uint8Array(16), 'a.npy');
  const list = filled(size, entry);
  const u64 = (value: number) => bytesOf(u32(value), u32(0));
  const count = list.length / entry.length;
  const end64 = bytesOf(
    u32(0x06064b50),
    new Uint8Array(20),
    u64(count),
    u64(count),
    u64(list.length),
    u64(file.length),
  );
  const locator = bytesOf(u32(0x07064b50), u32(0), u64(file.length + list.length), u32(1));
  return joinBytes([file, list, end64, locator, bytesOf(u32(0x06054b50), new Uint8Array(16).fill(255), u16(0))]);
}

export const HOSTILE_ZIPS: readonly (readonly [string, Make])[] = [
  ...BOMBS.map(
    (name) => [`a thousand times its size as ${name}`, (size: number) => bomb(name, Math.min(size, 3e6))] as const,
  ),
  ['entries in one place', (size) => overlapping(Math.min(size, 3e6))],
  ['a long list of contents', longList],
  [
    'empty files',
    (size) =>
      new Uint8Array(
        zipSync(
          Object.fromEntries(
            Array.from({ length: Math.min(60_000, size / 120) }, (_, i) => [`${i}.npy`, new Uint8Array(0)]),
          ),
        ),
      ),
  ],
  ...['a.onnx', 'archive/data.pkl', 'run.json'].map(
    (name) =>
      [`far more than it says as ${name}`, (size: number) => oneDeflated(name, deflatedZeros(size), 1)] as const,
  ),
  [
    'a bomb in a zip',
    (size) => new Uint8Array(zipSync({ 'a.zip': [bomb('a.onnx', Math.min(size, 1e6)), { level: 0 }] })),
  ],
];
