import { strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { heifKind, readHeifSize } from './heif.ts';
import { joinBytes } from './join-bytes.ts';

/** A box of the container; `long` gives its length in 64 bits. */
function box(type: string, content: Uint8Array, long = false): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(long ? 16 : 8);
  const view = new DataView(head.buffer);
  view.setUint32(0, long ? 1 : 8 + content.length);
  head.set(strToU8(type), 4);
  if (long) view.setBigUint64(8, BigInt(16 + content.length));
  return joinBytes([head, content]);
}

/** A size as a file describes it. */
function extent(width: number, height: number): Uint8Array {
  const content = new Uint8Array(12);
  new DataView(content.buffer).setUint32(4, width);
  new DataView(content.buffer).setUint32(8, height);
  return box('ispe', content);
}

const brands = (text: string) => box('ftyp', strToU8(text));
const pictures = (sizes: readonly Uint8Array[], long = false) =>
  box('meta', joinBytes([new Uint8Array(4), box('iprp', box('ipco', joinBytes(sizes), long))]));

it.each([
  ['avif\0\0\0\0avifmif1miaf', 'avif'],
  ['mif1\0\0\0\0mif1avifmiaf', 'avif'],
  ['avis\0\0\0\0avismsf1', 'avif'],
  ['heic\0\0\0\0mif1heic', 'heic'],
  ['heix\0\0\0\0', 'heic'],
  ['isom\0\0\x02\0isomiso2avc1mp41', undefined],
  ['avi', undefined],
])('brands %j: %s', (text, kind) => {
  expect(heifKind(brands(text))).toBe(kind);
});

it('the size is that of the largest picture: a whole of tiles, not its thumbnail', () => {
  const head = brands('heic\0\0\0\0mif1heic');
  const sizes = [extent(512, 512), extent(4032, 3024), extent(240, 320)];
  expect(readHeifSize(joinBytes([head, pictures(sizes)]))).toEqual({ width: 4032, height: 3024 });
  expect(readHeifSize(joinBytes([head, pictures(sizes, true)]))).toEqual({ width: 4032, height: 3024 });
});

it('there is no size where the file is cut or holds no picture', () => {
  const head = brands('avif\0\0\0\0avif');
  const whole = joinBytes([head, pictures([extent(5, 5)])]);
  for (let length = 0; length < whole.length; length++) expect(readHeifSize(whole.slice(0, length))).toBeUndefined();
  expect(readHeifSize(joinBytes([head, pictures([])]))).toBeUndefined();
});
