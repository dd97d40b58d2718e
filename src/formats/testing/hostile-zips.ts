import { deflateSync, zipSync } from 'fflate';
import { joinBytes } from '../join-bytes.ts';
import { bytesOf, u32 } from './pickles.ts';
import { type Make, u16 } from './repeated.ts';

/** Zip archives that unpack to a thousand times their size, as different files. */
const BOMBS = ['model.onnx', 'a.safetensors', 'archive/data.pkl', 'a.npy', 'model.json', 'run.json', 'a.bin', 'a.h5'];

const packed = new Map<number, Uint8Array<ArrayBuffer>>();

/** An archive of one file "-" of so many zeros; packing them takes long, and once is enough. */
function zeros(count: number): Uint8Array<ArrayBuffer> {
  const made = packed.get(count) ?? new Uint8Array(zipSync({ '-': [new Uint8Array(count), { level: 9 }] }));
  packed.set(count, made);
  return made;
}

/** An archive of `count` zeros under a name of ASCII letters. */
function zerosAs(name: string, count: number): Uint8Array<ArrayBuffer> {
  const one = zeros(count);
  const directory = new DataView(one.buffer).getUint32(one.length - END + 16, true);
  const file = named(one.subarray(0, directory), name, 26, 30);
  const entry = named(one.subarray(directory, one.length - END), name, 28, 46);
  const end = one.slice(one.length - END);
  new DataView(end.buffer).setUint32(12, entry.length, true);
  new DataView(end.buffer).setUint32(16, file.length, true);
  return joinBytes([file, entry, end]);
}

/** The record that ends a directory, without a comment. */
const END = 22;

/** A header with another name, whose length is at byte `length`; the one it has is the one letter at `at`. */
function named(header: Uint8Array, name: string, length: number, at: number): Uint8Array<ArrayBuffer> {
  const made = joinBytes([header.subarray(0, at), bytesOf(name), header.subarray(at + 1)]);
  new DataView(made.buffer).setUint16(length, name.length, true);
  return made;
}

function bomb(name: string, size: number): Uint8Array<ArrayBuffer> {
  return zerosAs(name, size * 1000);
}

/** About `size` bytes of deflated data, in one block, that unpack to a thousand times as many zeros. */
export function deflatedZeros(size: number): Uint8Array<ArrayBuffer> {
  const few = deflateSync(new Uint8Array(1_000_000), { level: 9 });
  // In its middle each zero byte is four copies of 258 bytes.
  const middle = few.length / 2;
  return joinBytes([few.subarray(0, middle), new Uint8Array(Math.max(0, size - few.length)), few.subarray(middle)]);
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
  const one = zerosAs('a.npy', size * 400);
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

export const HOSTILE_ZIPS: readonly (readonly [string, Make])[] = [
  ...BOMBS.map(
    (name) => [`a thousand times its size as ${name}`, (size: number) => bomb(name, Math.min(size, 3e6))] as const,
  ),
  ['entries in one place', (size) => overlapping(Math.min(size, 3e6))],
  [
    'empty files',
    (size) =>
      new Uint8Array(
        zipSync(Object.fromEntries(Array.from({ length: size / 120 }, (_, i) => [`${i}.npy`, new Uint8Array(0)]))),
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
