import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { joinBytes } from './join-bytes.ts';
import { deflatedZeros, oneDeflated } from './testing/hostile-zips.ts';
import { unzip } from './zip.ts';

const text = (value: string) => new TextEncoder().encode(value);
const files = { 'a.txt': text('first'.repeat(1000)), 'b/c.txt': text('second'), 'b/': new Uint8Array(0) };
const read = (bytes: Uint8Array) => Object.fromEntries(unzip(bytes, 'zip', (name) => !name.endsWith('/')));

describe('an archive is unpacked', () => {
  it.each([0, 9] as const)('stored or deflated (level %i), behind other bytes and with an unwanted entry', (level) => {
    const { 'b/': _, ...wanted } = files;
    expect(read(joinBytes([text('#!/bin/sh'), zipSync(files, { level })]))).toEqual(wanted);
  });

  it('also where it is a part of a larger buffer', () => {
    const zip = zipSync(files);
    expect(read(joinBytes([text('before'), zip, text('behind')]).subarray(6, 6 + zip.length))).toEqual(read(zip));
  });
});

it.each([
  ['empty', new Uint8Array(0), 'the file is empty'],
  ['a text', text('hello'), 'the file is no .zip'],
  ['cut short', zipSync(files).slice(0, 60), 'it was cut short'],
  ['without its front', zipSync(files).slice(30), 'its list of contents makes no sense'],
])('a file that is no archive is named as such: %s', (_, bytes, sentence) => {
  expect(() => read(bytes)).toThrow(sentence);
});

describe('an entry that lies is refused before it is unpacked further than it says', () => {
  it.each([
    ['to far more', oneDeflated('a', deflatedZeros(100_000), 1), '"a" has another size than it says'],
    ['to less', oneDeflated('a', deflatedZeros(1000), 1_000_001), '"a" has another size than it says'],
    ['and is damaged', oneDeflated('a', new Uint8Array(8).fill(7), 500), '"a" is damaged'],
    ['to more than its packed bytes can hold', oneDeflated('a', new Uint8Array(8), 1e9), 'claims 1000000000 bytes'],
    ['elsewhere', moved(), '"a.txt" is not where its list of contents says'],
    ['with a password', flagged(1), '"a.txt" is locked with a password'],
  ])('%s', (_, zip, sentence) => {
    expect(() => read(zip)).toThrow(sentence);
  });
});

/** The header of the first entry is none. */
function moved(): Uint8Array {
  const zip = zipSync(files);
  zip[0] = 0;
  return zip;
}

/** The list of contents with these flags at its first entry. */
function flagged(flags: number): Uint8Array {
  const zip = zipSync(files);
  const view = new DataView(zip.buffer);
  view.setUint16(view.getUint32(zip.length - 6, true) + 8, flags, true);
  return zip;
}
