import { joined } from './mutations.ts';
import { bytesOf } from './pickles.ts';
import { filled, type Make, numbered } from './repeated.ts';

/** Lists of people and of pairs that lie beside photos: .csv, .txt. */
export const HOSTILE_LISTS: readonly (readonly [string, Make])[] = [
  ['empty lines', (size) => filled(size, '\n')],
  ['short lines', (size) => filled(size, 'a.jpg 1\n')],
  ['lines of different people', (size) => numbered(size, (i) => bytesOf(`${i}.jpg,${i % 1000}\n`))],
  ['a line of many columns', (size) => joined(bytesOf('a.jpg'), filled(size, ',1'), bytesOf('\n'))],
  [
    'as many columns as lines',
    (size) => joined(bytesOf('a.jpg'), filled(size / 2, ',1'), bytesOf('\n'), filled(size / 2, 'b.jpg,2,3\n')),
  ],
  ['quotes that do not end', (size) => joined(bytesOf('a,b\n"'), filled(size, '""'))],
  ['one long name', (size) => joined(bytesOf('a,b\n'), filled(size, '.jpg'), bytesOf(',1\n'))],
  ['a line of spaces', (size) => joined(bytesOf('a.jpg'), filled(size, ' '), bytesOf('1\n'))],
  ['pairs of one person', (size) => joined(bytesOf('10\t300\n'), filled(size, 'a\t1\t2\n'))],
  ['pairs of paths', (size) => numbered(size, (i) => bytesOf(`${i}.jpg a.jpg 1\n`))],
];
