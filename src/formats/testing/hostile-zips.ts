import { zipSync } from 'fflate';
import { joinBytes } from '../join-bytes.ts';
import { bytesOf } from './pickles.ts';
import type { Make } from './repeated.ts';

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
  [
    'a bomb in a zip',
    (size) => new Uint8Array(zipSync({ 'a.zip': [bomb('a.onnx', Math.min(size, 1e6)), { level: 0 }] })),
  ],
];
