import { zipSync } from 'fflate';
import { joinedAll } from './mutations.ts';
import type { Make } from './repeated.ts';

/** Zip archives that unpack to a thousand times their size, as different files. */
const BOMBS = ['model.onnx', 'a.safetensors', 'archive/data.pkl', 'a.npy', 'model.json', 'run.json', 'a.bin', 'a.h5'];

function bomb(name: string, size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync({ [name]: [new Uint8Array(size * 1000), { level: 9 }] }));
}

/** Many entries of the directory that all point at the first one's bytes. */
function overlapping(size: number): Uint8Array<ArrayBuffer> {
  const one = zipSync({ 'a.npy': [new Uint8Array(size * 400), { level: 9 }] });
  const view = new DataView(one.buffer, one.byteOffset, one.byteLength);
  const start = view.getUint32(one.length - 22 + 16, true);
  const directory = one.subarray(start, one.length - 22);
  const count = Math.min(60_000, Math.floor(size / directory.length));
  const end = one.slice(one.length - 22);
  const last = new DataView(end.buffer);
  last.setUint16(8, count, true);
  last.setUint16(10, count, true);
  last.setUint32(12, count * directory.length, true);
  return joinedAll([one.subarray(0, start), ...Array.from({ length: count }, () => directory), end]);
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
