import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { globalHeapFault, lengthBytes } from './hdf5-heaps.ts';

const keras = () => new Uint8Array(readFileSync(new URL('../exchange/testing/seeds/new.h5', import.meta.url)));
/** Of the heap in that file: where it begins, and the size of its object 10. */
const HEAP = 2048;
const SIZE = HEAP + 3712 + 8;

it('finds no fault in the heap of a sound file', () => {
  expect(globalHeapFault(keras())).toBeUndefined();
  expect(lengthBytes(keras())).toBe(8);
});

it.each([
  // Sizes at which the library steps back in its 32-bit memory, and into the middle of a text.
  ['a size near 2^32', SIZE, [0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0], 'the sizes in a heap of its texts are wrong'],
  ['a size that leads into a text', SIZE, [17], 'the sizes in a heap of its texts are wrong'],
  ['free space of no size', HEAP + 3712, [0, 0, 0, 0, 0, 0, 0, 0, 0], 'the sizes in a heap of its texts are wrong'],
  ['a heap longer than the file', HEAP + 8, [0, 0, 0, 1], 'a heap of its texts is cut off'],
])('refuses %s', (_, at, values, fault) => {
  const bytes = keras();
  bytes.set(values, at);
  expect(globalHeapFault(bytes)).toBe(fault);
});

it('takes the four letters within other data for no heap', () => {
  const bytes = new Uint8Array(64);
  bytes.set(new TextEncoder().encode('GCOLOUR'), 8);
  bytes.set(new TextEncoder().encode('GCOL'), 60);
  expect(globalHeapFault(bytes)).toBeUndefined();
});
