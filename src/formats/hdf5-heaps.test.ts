import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { heapFault } from './hdf5-heaps.ts';

const keras = (name = 'new.h5') =>
  new Uint8Array(readFileSync(new URL(`../exchange/testing/seeds/${name}`, import.meta.url)));
/** In new.h5 the heap of texts, the size of its object 10, and the last heap of names. */
const TEXTS = 2048;
const SIZE = TEXTS + 3712 + 8;
const NAMES = 16568;

it.each(['new.h5', 'alone.weights.h5'])('finds no fault in the heaps of %s', (name) => {
  expect(heapFault(keras(name))).toBeUndefined();
});

it.each([
  // Sizes at which the library steps back in its 32-bit memory, and into the middle of a text.
  ['a size near 2^32', SIZE, [0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0], 'the sizes in a heap of its texts are wrong'],
  ['a size that leads into a text', SIZE, [17], 'the sizes in a heap of its texts are wrong'],
  ['free space of no size', TEXTS + 3712, [0, 0, 0, 0, 0, 0, 0, 0, 0], 'the sizes in a heap of its texts are wrong'],
  ['a heap longer than the file', TEXTS + 8, [0, 0, 0, 1], 'a heap of its texts is cut off'],
  // Its data begin at 16600: the block at 8 has 8 as the next, and one beyond the heap.
  ['a free block that leads to itself', 16600 + 8, [8], 'the free blocks in a heap of its names are wrong'],
  ['a free block outside', 16600 + 8, [0, 1], 'the free blocks in a heap of its names are wrong'],
  ['names outside the file', NAMES + 24, [0, 0, 1], 'a heap of its names is cut off'],
  ['places of 4 bytes', 9, [4], 'its places and lengths are no numbers of 8 bytes'],
])('refuses %s', (_, at, values, fault) => {
  const bytes = keras();
  bytes.set(values, at);
  expect(heapFault(bytes)).toBe(fault);
});

it('takes the four letters within other data for no heap', () => {
  const bytes = keras();
  bytes.set(new TextEncoder().encode('GCOLOUR HEAP UP'), bytes.length - 16);
  expect(heapFault(bytes)).toBeUndefined();
});
