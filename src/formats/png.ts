import { zlibSync } from 'fflate';
import { crc32 } from './crc32.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * A square picture of grey bytes [side, side] as a .png file (RFC 2083): 8 bits, one channel. Synchronous, so that a figure
 * that holds pictures can be written in one go, in Node as in a browser.
 */
export function greyPng(grey: Uint8Array | Uint8ClampedArray, side: number): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(side * (side + 1));
  // Each row begins with its filter: 0, none.
  for (let row = 0; row < side; row++) rows.set(grey.subarray(row * side, (row + 1) * side), row * (side + 1) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, side);
  view.setUint32(4, side);
  header[8] = 8;
  const chunks = [chunk('IHDR', header), chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array(0))];
  return Uint8Array.from([...SIGNATURE, ...chunks.flatMap((bytes) => [...bytes])]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
