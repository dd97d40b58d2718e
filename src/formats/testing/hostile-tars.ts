import { gzipSync } from 'fflate';
import { bytesOf } from './pickles.ts';
import { filled, type Make, numbered } from './repeated.ts';

/** The block before a file of a .tar: its name, its size and its kind ('0' a file, '5' a folder, 'L' a long name). */
function header(name: string, size: number, kind: string): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(512);
  block.set(bytesOf(name));
  block.set(bytesOf(size.toString(8).padStart(11, '0')), 124);
  block.set(bytesOf(' '.repeat(8), kind), 148);
  block.set(bytesOf('ustar', 0, '00'), 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.set(bytesOf(sum.toString(8).padStart(6, '0'), 0), 148);
  return block;
}

export const HOSTILE_PACKED: readonly (readonly [string, Make])[] = [
  ['a .tar of empty files', (size) => numbered(size, (i) => header(`${i}.jpg`, 0, '0'))],
  ['a .tar of folders', (size) => filled(size, header('a/', 0, '5'))],
  ['a .tar of long names', (size) => filled(size, header('', 512, 'L'), new Uint8Array(512).fill(97))],
  [
    'a .gz of four hundred times its size',
    (size) => new Uint8Array(gzipSync(new Uint8Array(Math.min(4e8, 400 * size)))),
  ],
];
