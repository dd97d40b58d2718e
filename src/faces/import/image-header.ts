import { readBmpHeader } from '../../formats/bmp.ts';
import { type HeifKind, heifKind, readHeifSize } from '../../formats/heif.ts';
import { isNetpbm, readNetpbmHeader } from '../../formats/netpbm.ts';
import { isTiff, readTiffSize } from '../../formats/tiff.ts';

/** The header of an image file, read before it is decoded. */
export interface ImageHeader {
  readonly kind: 'jpeg' | 'png' | 'webp' | 'gif' | 'netpbm' | 'bmp' | 'tiff' | HeifKind;
  /** Pixels; before a turn that the photo's EXIF may ask for. */
  readonly width: number;
  readonly height: number;
}

/**
 * Recognises an image by its first bytes, under any name, and reads its size, so that a picture that would fill the
 * memory is refused before a decoder sees it. Undefined when it is none of these kinds or has no size.
 * @throws NetpbmError for a netpbm image with a wrong header
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  if (isNetpbm(bytes)) {
    const { width, height } = readNetpbmHeader(bytes);
    return { kind: 'netpbm', width, height };
  }
  const bitmap = readBmpHeader(bytes);
  if (bitmap !== undefined) return { kind: 'bmp', width: bitmap.width, height: bitmap.height };
  if (isTiff(bytes)) {
    const size = readTiffSize(bytes);
    return size && { kind: 'tiff', ...size };
  }
  const heif = heifKind(bytes);
  if (heif !== undefined) {
    const size = readHeifSize(bytes);
    return size && { kind: heif, ...size };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 30) return undefined;
  if (view.getUint16(0) === 0xffd8) return jpegHeader(view);
  // PNG 3rd edition, 11.2.1: IHDR is the first chunk.
  if (view.getUint32(0) === 0x89504e47 && view.getUint32(12) === 0x49484452) {
    return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) };
  }
  // GIF87a or GIF89a: the size of the screen comes first.
  if (view.getUint32(0) === 0x47494638) {
    return { kind: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250) return webpHeader(view);
  return undefined;
}

/** ITU T.81, B.2.2: the size is in the frame header, whose markers are C0 to CF without C4, C8 and CC. */
function jpegHeader(view: DataView): ImageHeader | undefined {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      // A fill byte, or a marker without a body.
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (frame) return { kind: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

/** https://developers.google.com/speed/webp/docs/riff_container */
function webpHeader(view: DataView): ImageHeader | undefined {
  const chunk = view.getUint32(12);
  if (chunk === 0x56503820) {
    // "VP8 ": 14 bits each; the two bits above are a scale for display.
    return { kind: 'webp', width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { kind: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === 0x56503858) {
    const width = 1 + (view.getUint32(24, true) & 0xffffff);
    const height = 1 + (view.getUint32(26, true) >>> 8);
    return { kind: 'webp', width, height };
  }
  return undefined;
}
