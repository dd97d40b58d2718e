import { latin1Text } from './latin1.ts';

/** Photos in the container of ISO/IEC 23008-12: AVIF holds AV1, HEIC as a telephone takes it HEVC. */
export type HeifKind = 'avif' | 'heic';

const AVIF = /^avi[fs]$/;
/** Also the brands of the container alone, where none says AV1. */
const HEIC = /^(?:hei[cmsx]|hev[cmsx]|mif1|msf1)$/;
/** Bytes of a file's first box that are looked at for its brands. */
const MOST_BRANDS = 256;

/** Recognises the kind by the brands in the first box of a file. */
export function heifKind(bytes: Uint8Array): HeifKind | undefined {
  const [first] = boxesIn(bytes, 0, bytes.length);
  if (first?.type !== 'ftyp') return undefined;
  const text = latin1Text(bytes.subarray(first.start, Math.min(first.end, first.start + MOST_BRANDS)));
  // The second four bytes are a version.
  const brands = [text.slice(0, 4), ...(text.slice(8).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => AVIF.test(brand))) return 'avif';
  return brands.some((brand) => HEIC.test(brand)) ? 'heic' : undefined;
}

/**
 * Width and height of the largest picture that a file describes (of a grid of tiles that is the whole); undefined where
 * it describes none within the bytes given.
 */
export function readHeifSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sizes = boxesIn(bytes, 0, bytes.length)
    .filter(({ type }) => type === 'meta')
    .flatMap(({ start, end }) => boxesIn(bytes, start + FULL_BOX, end))
    .filter(({ type }) => type === 'iprp')
    .flatMap(({ start, end }) => boxesIn(bytes, start, end))
    .filter(({ type }) => type === 'ipco')
    .flatMap(({ start, end }) => boxesIn(bytes, start, end))
    .filter(({ type, start, end }) => type === 'ispe' && end - start >= FULL_BOX + 8)
    .map(({ start }) => ({ width: view.getUint32(start + FULL_BOX), height: view.getUint32(start + FULL_BOX + 4) }));
  return sizes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}

/** No file has more boxes in one. */
const MOST_BOXES = 1000;
/** Version and flags ahead of the content of some boxes. */
const FULL_BOX = 4;

/** A part of the file: its content lies between `start` and `end`. */
interface Box {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The boxes that follow each other between two places (ISO/IEC 14496-12, 4.2); the last may be cut off. */
function boxesIn(bytes: Uint8Array, from: number, to: number): readonly Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to && boxes.length < MOST_BOXES; ) {
    const type = latin1Text(bytes.subarray(at + 4, at + 8));
    const stated = view.getUint32(at);
    // 1: a length of 64 bits follows, as of large pictures; 0: the box is the last.
    const long = stated === 1 && at + 16 <= to;
    const length = long ? Number(view.getBigUint64(at + 8)) : stated === 0 ? to - at : stated;
    const header = long ? 16 : 8;
    if (length < header) return boxes;
    boxes.push({ type, start: at + header, end: Math.min(to, at + length) });
    at += length;
  }
  return boxes;
}
