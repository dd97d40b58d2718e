import { FormatProblem } from './problem.ts';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads a file from front to back; anything beyond its end is a FormatProblem `truncated`, and nothing is copied. */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #format: string;
  #position = 0;

  /** `format` is the file's kind in messages: "pickle". */
  constructor(bytes: Uint8Array, format: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** As a number: a value above 2^53 is larger than any file and fails where it is used as a length. */
  u64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  f32(): number {
    return this.#view.getFloat32(this.#advance(4), true);
  }

  f64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** The next `length` bytes, as a view of the file. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** The next `length` bytes as UTF-8. */
  text(length: number): string {
    return utf8.decode(this.take(length));
  }

  /** Bytes up to the next line feed, which is skipped. */
  line(): Uint8Array {
    const end = this.#bytes.indexOf(0x0a, this.#position);
    if (end < 0) throw this.#truncated();
    const line = this.take(end - this.#position);
    this.#position++;
    return line;
  }

  #advance(length: number): number {
    if (length > this.remaining) throw this.#truncated();
    const start = this.#position;
    this.#position += length;
    return start;
  }

  #truncated(): FormatProblem {
    return new FormatProblem('truncated', `The ${this.#format} ends too early.`, 'Copy or download the file again.', {
      byte: this.#position,
    });
  }
}
