import { ByteCursor } from './byte-cursor.ts';
import { OP } from './pickle-opcodes.ts';
import { type PickleConstructor, PickleGlobal, PickleInstance, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';

export interface PickleOptions {
  /** The only names a pickle may mention, "module.name". Any other is refused before anything is made of it. */
  readonly globals?: ReadonlyMap<string, PickleConstructor | 'name only'>;
  /** What a persistent id (PyTorch's storages) stands for; without it they are refused. */
  readonly persistent?: (id: PickleValue) => PickleValue;
}

/**
 * Reads one pickle of protocol 2 to 5, as Python 2 and 3 write them, and where it ended. Values refer to the file's
 * bytes and are not copied. It cannot run anything: REDUCE and BUILD act on the names of `options.globals` alone.
 *
 * Opcodes: pickletools.py of CPython 3.13.
 * @throws FormatProblem
 */
export function readPickle(
  bytes: Uint8Array,
  options: PickleOptions = {},
): { readonly value: PickleValue; readonly end: number } {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  const cursor = new ByteCursor(bytes, 'pickle');
  if (cursor.u8() !== OP.PROTO) {
    throw new FormatProblem(
      'wrong-format',
      'This is no binary Python pickle.',
      'A pickle of protocol 2 or later starts with the byte 80; pack the file again with protocol 4.',
      { byte: 0 },
    );
  }
  const version = cursor.u8();
  if (version < 2 || version > 5) {
    throw new FormatProblem('unsupported', `Pickle protocol ${version} is not read.`, 'Use protocol 2 to 5.', {
      byte: 1,
    });
  }
  return new Unpickler(cursor, options).run();
}

/** The pickle machine: a stack of values, marks in it, and a memo. Everything it holds came from bytes that were read. */
class Unpickler {
  readonly #cursor: ByteCursor;
  readonly #options: PickleOptions;
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at open marks. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(cursor: ByteCursor, options: PickleOptions) {
    this.#cursor = cursor;
    this.#options = options;
  }

  run(): { readonly value: PickleValue; readonly end: number } {
    for (;;) {
      const at = this.#cursor.position;
      const opcode = this.#cursor.u8();
      if (opcode === OP.STOP) return { value: this.#pop(), end: this.#cursor.position };
      this.#step(opcode, at);
    }
  }

  #step(opcode: number, at: number): void {
    const value = this.#valueOf(opcode, at);
    if (value === undefined) this.#act(opcode, at);
    else this.#stack.push(value);
  }

  /** What an opcode pushes; undefined for one that pushes nothing. */
  #valueOf(opcode: number, at: number): PickleValue | undefined {
    const cursor = this.#cursor;
    switch (opcode) {
      case OP.NONE:
        return null;
      case OP.NEWTRUE:
        return true;
      case OP.NEWFALSE:
        return false;
      case OP.BININT:
        return cursor.i32();
      case OP.BININT1:
        return cursor.u8();
      case OP.BININT2:
        return cursor.u16();
      case OP.LONG1:
        return this.#long(cursor.u8());
      case OP.BINFLOAT:
        return cursor.f64BigEndian();
      case OP.SHORT_BINSTRING:
      case OP.SHORT_BINBYTES:
        return cursor.take(cursor.u8());
      case OP.BINSTRING:
        return cursor.take(this.#length(cursor.i32(), at));
      case OP.BINBYTES:
        return cursor.take(cursor.u32());
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        return cursor.take(cursor.u64());
      case OP.SHORT_BINUNICODE:
        return cursor.text(cursor.u8());
      case OP.BINUNICODE:
        return cursor.text(cursor.u32());
      case OP.BINUNICODE8:
        return cursor.text(cursor.u64());
      case OP.EMPTY_LIST:
      case OP.EMPTY_TUPLE:
        return [];
      case OP.EMPTY_DICT:
        return new Map();
      case OP.TUPLE:
      case OP.LIST:
        return this.#sinceMark();
      case OP.TUPLE1:
        return this.#popMany(1);
      case OP.TUPLE2:
        return this.#popMany(2);
      case OP.TUPLE3:
        return this.#popMany(3);
      case OP.BINGET:
        return this.#memorised(cursor.u8(), at);
      case OP.LONG_BINGET:
        return this.#memorised(cursor.u32(), at);
      case OP.GLOBAL:
        return this.#global(`${cursor.line()}.${cursor.line()}`, at);
      case OP.STACK_GLOBAL: {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw this.#damaged('a name that is no text', at);
        return this.#global(`${module}.${name}`, at);
      }
      case OP.REDUCE:
      case OP.NEWOBJ: {
        const [callable, args] = this.#popMany(2);
        return this.#construct(callable, args, at);
      }
      case OP.BINPERSID: {
        const { persistent } = this.#options;
        if (persistent === undefined) throw this.#forbidden('refers to something outside of the file', at);
        return persistent(this.#pop());
      }
      default:
        return undefined;
    }
  }

  /** Does what an opcode does besides pushing. */
  #act(opcode: number, at: number): void {
    const cursor = this.#cursor;
    switch (opcode) {
      case OP.PROTO:
        cursor.u8();
        break;
      case OP.FRAME:
        cursor.u64();
        break;
      case OP.MARK:
        this.#marks.push(this.#stack.length);
        break;
      case OP.POP:
        if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
        else this.#pop();
        break;
      case OP.POP_MARK:
        this.#sinceMark();
        break;
      case OP.APPEND:
        this.#append(this.#popMany(1), at);
        break;
      case OP.APPENDS:
        this.#append(this.#sinceMark(), at);
        break;
      case OP.SETITEM:
        this.#setItems(this.#popMany(2), at);
        break;
      case OP.SETITEMS:
        this.#setItems(this.#sinceMark(), at);
        break;
      case OP.BINPUT:
        this.#memorise(cursor.u8());
        break;
      case OP.LONG_BINPUT:
        this.#memorise(cursor.u32());
        break;
      case OP.MEMOIZE:
        this.#memorise(this.#memo.size);
        break;
      case OP.BUILD: {
        const state = this.#pop();
        const target = this.#stack.at(-1);
        // Attributes of a dict (PyTorch's _metadata on an OrderedDict) are not part of its items.
        if (target instanceof Map) break;
        if (!(target instanceof PickleInstance)) throw this.#damaged('a state for something that takes none', at);
        target.build(state);
        break;
      }
      default:
        throw new FormatProblem(
          'unsupported',
          `Pickle opcode 0x${opcode.toString(16).padStart(2, '0')} is not one that data files use.`,
          'The file is damaged, or holds something other than data.',
          { byte: at },
        );
    }
  }

  #pop(): PickleValue {
    // What lies below an open mark belongs to whoever opened it.
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw this.#damaged('a value that is not there');
    return this.#stack.pop() ?? null;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length - count < (this.#marks.at(-1) ?? 0)) throw this.#damaged('values that are not there');
    return this.#stack.splice(this.#stack.length - count);
  }

  #sinceMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#damaged('a mark that is not there');
    return this.#stack.splice(mark);
  }

  #append(values: readonly PickleValue[], at: number): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw this.#damaged('a list that is not there', at);
    for (const value of values) list.push(value);
  }

  #setItems(items: readonly PickleValue[], at: number): void {
    const dictionary = this.#stack.at(-1);
    if (!(dictionary instanceof Map) || items.length % 2 !== 0) throw this.#damaged('a dict that is not there', at);
    for (let i = 0; i < items.length; i += 2) dictionary.set(items[i] ?? null, items[i + 1] ?? null);
  }

  #memorise(key: number): void {
    const top = this.#stack.at(-1);
    if (top === undefined) throw this.#damaged('a value that is not there');
    this.#memo.set(key, top);
  }

  #memorised(key: number, at: number): PickleValue {
    const value = this.#memo.get(key);
    if (value === undefined) throw this.#damaged(`memo ${key}, which was never filled`, at);
    return value;
  }

  #global(name: string, at: number): PickleGlobal {
    if (!this.#options.globals?.has(name)) throw this.#forbidden(`asks for "${name.slice(0, 80)}"`, at);
    return new PickleGlobal(name);
  }

  #construct(callable: PickleValue | undefined, args: PickleValue | undefined, at: number): PickleValue {
    if (!(callable instanceof PickleGlobal) || !Array.isArray(args)) throw this.#damaged('a call without a name', at);
    const construct = this.#options.globals?.get(callable.name);
    if (construct === undefined || construct === 'name only') throw this.#forbidden(`calls "${callable.name}"`, at);
    return construct(args);
  }

  /** A little-endian two's complement number of `size` bytes, at most 255; a bigint where a number is not exact. */
  #long(size: number): number | bigint {
    let value = 0n;
    this.#cursor.take(size).forEach((byte, i) => {
      value |= BigInt(byte) << BigInt(8 * i);
    });
    const signed = BigInt.asIntN(8 * size, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  #length(length: number, at: number): number {
    if (length < 0) throw this.#damaged('a text of negative length', at);
    return length;
  }

  #damaged(what: string, at = this.#cursor.position - 1): FormatProblem {
    return new FormatProblem(
      'wrong-format',
      `The pickle is damaged: it needs ${what}.`,
      'Copy or pack the file again.',
      {
        byte: at,
      },
    );
  }

  #forbidden(what: string, at: number): FormatProblem {
    return new FormatProblem(
      'forbidden',
      `The file ${what}, which is not on the list of harmless names; nothing of it was run.`,
      'It is another kind of file, or unsafe: do not open it in Python unless you know where it comes from.',
      { byte: at },
    );
  }
}
