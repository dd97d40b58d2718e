import { type Budget, OBJECT_BYTES } from './budget.ts';
import type { ByteCursor } from './byte-cursor.ts';
import { latin1Text } from './latin1.ts';
import { floatLiteral, stringLiteral, unicodeLiteral, wholeLiteral } from './pickle-literals.ts';
import { OP } from './pickle-opcodes.ts';
import { damagedPickle, type PickleValue } from './pickle-value.ts';

/** Numbers of more bytes than this are no data. */
const LONGEST_NUMBER = 1024;

/** Reads the numbers, texts and bytes of a pickle, which opcodes carry behind them. */
export class PickleScalars {
  readonly #cursor: ByteCursor;
  readonly #budget: Budget;

  constructor(cursor: ByteCursor, budget: Budget) {
    this.#cursor = cursor;
    this.#budget = budget;
  }

  /** The number, text or bytes that an opcode pushes; undefined for any other opcode. */
  value(opcode: number): PickleValue | undefined {
    const cursor = this.#cursor;
    switch (opcode) {
      case OP.NONE:
        return null;
      case OP.NEWTRUE:
        return true;
      case OP.NEWFALSE:
        return false;
      case OP.INT:
      case OP.LONG:
        return known(wholeLiteral(this.line()), 'a whole number');
      case OP.BININT:
        return cursor.i32();
      case OP.BININT1:
        return cursor.u8();
      case OP.BININT2:
        return cursor.u16();
      case OP.LONG1:
        return this.#long(cursor.u8());
      case OP.LONG4:
        return this.#long(cursor.u32());
      case OP.FLOAT:
        return known(floatLiteral(this.line()), 'a number');
      case OP.BINFLOAT:
        return cursor.f64BigEndian();
      case OP.STRING:
        // Bytes of their own, which are an object beside their view.
        this.#budget.charge(2 * OBJECT_BYTES);
        return known(stringLiteral(this.line()), 'a text in quotes');
      case OP.SHORT_BINSTRING:
      case OP.SHORT_BINBYTES:
        return this.#bytes(cursor.u8());
      case OP.BINSTRING:
      case OP.BINBYTES:
        return this.#bytes(cursor.u32());
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        return this.#bytes(cursor.u64());
      case OP.UNICODE:
        return unicodeLiteral(this.line());
      case OP.SHORT_BINUNICODE:
        return this.#text(cursor.u8());
      case OP.BINUNICODE:
        return this.#text(cursor.u32());
      case OP.BINUNICODE8:
        return this.#text(cursor.u64());
      default:
        return undefined;
    }
  }

  /** Text up to the next line feed, its bytes as code points. */
  line(): string {
    const line = this.#cursor.line();
    this.#budget.charge(OBJECT_BYTES / 2 + 2 * line.length);
    return latin1Text(line);
  }

  #text(length: number): string {
    // Two bytes a letter, before the file's end is looked at: a text that reaches beyond it is refused either way.
    if (length <= this.#cursor.remaining) this.#budget.charge(OBJECT_BYTES / 2 + 2 * length);
    return this.#cursor.text(length);
  }

  #bytes(length: number): Uint8Array {
    this.#budget.charge(OBJECT_BYTES);
    return this.#cursor.take(length);
  }

  /** A little-endian two's complement number of `size` bytes; a bigint where a number is not exact. */
  #long(size: number): number | bigint {
    if (size > LONGEST_NUMBER) throw damagedPickle(`a number of ${size} bytes`);
    const digits = Array.from(this.#cursor.take(size), (byte) => byte.toString(16).padStart(2, '0'));
    const signed = BigInt.asIntN(8 * size, size === 0 ? 0n : BigInt(`0x${digits.reverse().join('')}`));
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }
}

function known<Value>(value: Value | undefined, missing: string): Value {
  if (value === undefined) throw damagedPickle(missing);
  return value;
}
