/*
 * Netpbm images: PBM, PGM and PPM, plain (P1 P2 P3) and raw (P4 P5 P6), 8 and 16 bit.
 * https://netpbm.sourceforge.net/doc/pbm.html, pgm.html, ppm.html
 */

import { ProblemError } from '../config/problem.ts';
export const NETPBM_ERROR_CODES = ['not-netpbm', 'bad-header', 'too-large', 'truncated', 'bad-sample'] as const;
export type NetpbmErrorCode = (typeof NETPBM_ERROR_CODES)[number];

/** A file that is no readable Netpbm image; `message` names the cause and `hint` the remedy. */
export class NetpbmError extends ProblemError<NetpbmErrorCode> {
  override readonly name = 'NetpbmError';

  constructor(code: NetpbmErrorCode, message: string, hint = 'Write the image again, or convert it to PNG.') {
    super(code, message, hint);
  }
}

export type NetpbmFormat = 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6';

export interface NetpbmHeader {
  readonly format: NetpbmFormat;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The value of full brightness, 1 to 65535. */
  readonly maxValue: number;
  /** Where the samples begin, in bytes. */
  readonly dataOffset: number;
}

export interface NetpbmImage extends NetpbmHeader {
  /**
   * [height, width, channels], 0 is black and `maxValue` is full brightness; a bitmap's bits are turned that way too.
   */
  readonly samples: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;
}

export interface NetpbmLimits {
  readonly maxPixels: number;
}

const DEFAULT_LIMITS: NetpbmLimits = { maxPixels: 1 << 26 };

/** Whether the bytes begin like a Netpbm image of one of the six formats. */
export function isNetpbm(bytes: Uint8Array): boolean {
  const second = bytes[1] ?? 0;
  return bytes[0] === 0x50 && second >= 0x31 && second <= 0x36 && isSpaceOrComment(bytes[2]);
}

/** The header alone. @throws NetpbmError */
export function readNetpbmHeader(bytes: Uint8Array): NetpbmHeader {
  if (!isNetpbm(bytes)) throw new NetpbmError('not-netpbm', 'This is not a PBM, PGM or PPM image.');
  const formats = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
  const format = formats[(bytes[1] ?? 0) - 0x31] ?? 'P1';
  const reader = new PlainReader(bytes, 2, 'bad-header');
  const width = reader.number();
  const height = reader.number();
  const maxValue = format === 'P1' || format === 'P4' ? 1 : reader.number();
  if (width === 0 || height === 0) throw new NetpbmError('bad-header', `The image is ${width} × ${height} pixels.`);
  if (maxValue === 0 || maxValue > 65535) {
    throw new NetpbmError('bad-header', `The brightest value is ${maxValue}, it must be 1 to 65535.`);
  }
  // Exactly one white space separates the header and raw samples; more would already be samples.
  if (!isSpace(bytes[reader.offset])) throw new NetpbmError('truncated', 'The image ends after its header.');
  const channels = format === 'P3' || format === 'P6' ? 3 : 1;
  return { format, width, height, channels, maxValue, dataOffset: reader.offset + 1 };
}

/**
 * Reads the first image of a file. Nothing is allocated before the header is within `limits` and the file long enough.
 * @throws NetpbmError
 */
export function readNetpbm(bytes: Uint8Array, limits: NetpbmLimits = DEFAULT_LIMITS): NetpbmImage {
  const header = readNetpbmHeader(bytes);
  const { format, width, height, channels, maxValue, dataOffset } = header;
  if (width * height > limits.maxPixels) {
    throw new NetpbmError(
      'too-large',
      `The image is ${width} × ${height} pixels, at most ${limits.maxPixels} are read.`,
      'Make the image smaller.',
    );
  }
  const count = width * height * channels;
  const wide = maxValue > 255;
  const plain = format === 'P1' || format === 'P2' || format === 'P3';
  const rowBytes = Math.ceil(width / 8);
  // Plain numbers take a digit each and, but for bits, a space between them.
  const leastBytes = plain
    ? format === 'P1'
      ? count
      : 2 * count - 1
    : format === 'P4'
      ? rowBytes * height
      : count * (wide ? 2 : 1);
  if (bytes.length - dataOffset < leastBytes) {
    throw new NetpbmError('truncated', `The file ends before the ${width} × ${height} pixels it promises.`);
  }
  const samples = wide ? new Uint16Array(count) : new Uint8Array(count);

  if (plain) {
    const reader = new PlainReader(bytes, dataOffset, 'bad-sample');
    for (let at = 0; at < count; at++) {
      const value = format === 'P1' ? 1 - reader.bit() : reader.number();
      if (value > maxValue)
        throw new NetpbmError('bad-sample', `A pixel is ${value}, above the brightest value ${maxValue}.`);
      samples[at] = value;
    }
  } else if (format === 'P4') {
    for (let at = 0; at < count; at++) {
      const x = at % width;
      const byte = bytes[dataOffset + ((at - x) / width) * rowBytes + (x >> 3)] ?? 0;
      samples[at] = 1 - ((byte >> (7 - (x & 7))) & 1);
    }
  } else {
    for (let at = 0; at < count; at++) {
      const from = dataOffset + (wide ? 2 * at : at);
      const value = wide ? ((bytes[from] ?? 0) << 8) | (bytes[from + 1] ?? 0) : (bytes[from] ?? 0);
      // Writers overshoot now and then; the format's own library reads such a sample as full brightness.
      samples[at] = Math.min(value, maxValue);
    }
  }
  return { ...header, samples };
}

/** RGB bytes [height, width, 3]: grey becomes three equal channels, other depths are scaled to 0..255. */
export function netpbmToRgb(image: NetpbmImage): Uint8Array<ArrayBuffer> {
  const { samples, channels, maxValue } = image;
  const pixels = image.width * image.height;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = samples[channels === 3 ? pixel * 3 + channel : pixel] ?? 0;
      rgb[pixel * 3 + channel] = maxValue === 255 ? value : Math.round((value * 255) / maxValue);
    }
  }
  return rgb;
}

/** Decimal numbers between white space and `#` comments. */
class PlainReader {
  offset: number;
  readonly #bytes: Uint8Array;
  readonly #code: NetpbmErrorCode;

  constructor(bytes: Uint8Array, offset: number, code: NetpbmErrorCode) {
    this.#bytes = bytes;
    this.offset = offset;
    this.#code = code;
  }

  number(): number {
    this.#skipSpace();
    const start = this.offset;
    let value = 0;
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) {
      value = value * 10 + digit;
      this.offset++;
      if (this.offset - start > 9) throw new NetpbmError(this.#code, 'A number in the image has too many digits.');
    }
    if (this.offset === start) throw this.#noNumber();
    return value;
  }

  /** A 0 or 1, without a separator to its neighbours if need be. */
  bit(): number {
    this.#skipSpace();
    const digit = this.#digit();
    if (digit !== 0 && digit !== 1) throw this.#noNumber();
    this.offset++;
    return digit;
  }

  #digit(): number {
    const byte = this.#bytes[this.offset] ?? 0;
    return byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1;
  }

  #skipSpace(): void {
    while (isSpaceOrComment(this.#bytes[this.offset])) {
      if (this.#bytes[this.offset] === HASH) {
        while (this.offset < this.#bytes.length && !isLineEnd(this.#bytes[this.offset])) this.offset++;
      } else this.offset++;
    }
  }

  #noNumber(): NetpbmError {
    if (this.offset >= this.#bytes.length)
      return new NetpbmError('truncated', 'The file ends in the middle of the image.');
    return new NetpbmError(this.#code, 'Expected a number in the image, found something else.');
  }
}

const HASH = 0x23;

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}

function isSpaceOrComment(byte: number | undefined): boolean {
  return isSpace(byte) || byte === HASH;
}
