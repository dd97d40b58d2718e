import { Budget, ENTRY_BYTES, MAP_ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { ByteCursor } from './byte-cursor.ts';
import { looksLikeSafetensors } from './kind-bytes.ts';
import { latin1Text } from './latin1.ts';
import { PickleCalls } from './pickle-calls.ts';
import { wholeLiteral } from './pickle-literals.ts';
import { PickleMemo } from './pickle-memo.ts';
import { OP } from './pickle-opcodes.ts';
import { PickleScalars } from './pickle-scalars.ts';
import { PickleStack } from './pickle-stack.ts';
import { asText, damagedPickle, type PickleConstructor, PickleObject, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';

export interface PickleOptions {
  /** Names, "module.name", of which more is known than that they are called. Any other makes an opaque PickleObject. */
  readonly globals?: ReadonlyMap<string, PickleConstructor>;
  /** Resolves a persistent id (PyTorch's storages); without it, the id is kept as an object without a name. */
  readonly persistent?: (id: PickleValue) => PickleValue;
  /** Charged for all that is made. */
  readonly budget?: Budget;
}

/** How a pickle of protocol 0 or 1 begins, which has no mark in front: a list or dict in the memo, or a name. */
const UNMARKED =
  /^(\(?\(?[ld]p\d+\n|\(?[\]}]q[\s\S]|\(?c[\w.]+\n[\w.]+\n(p\d+\n|q[\s\S]|\()|\(i[\w.]+\n[\w.]+\n(p\d+\n|q[\s\S]|\())/;
const LONGEST_START = 200;

/** Whether the file starts like a pickle, by its first bytes. */
export function looksLikePickle(bytes: Uint8Array): boolean {
  if (bytes[0] === OP.PROTO) return (bytes[1] ?? 6) <= 5 && !looksLikeSafetensors(bytes);
  return UNMARKED.test(latin1Text(bytes.subarray(0, LONGEST_START)));
}

/**
 * Reads one pickle of protocol 0 to 5, as Python 2 and 3 write them, and where it ended. Bytes refer to the file and
 * are not copied. It cannot run anything: a call makes an object that keeps the name and the arguments. Calls that
 * would run a command in Python are refused, to warn of the file.
 *
 * Opcodes: pickletools.py of CPython 3.13.
 * @throws FormatProblem
 */
export function readPickle(
  bytes: Uint8Array,
  options: PickleOptions = {},
): { readonly value: PickleValue; readonly end: number } {
  if (bytes.length === 0) throw new FormatProblem('empty-file', 'The file is empty.', 'Copy it again.');
  if (bytes[0] === OP.PROTO && (bytes[1] ?? 0) > 5) {
    throw new FormatProblem('unsupported', `Pickle protocol ${bytes[1]} is not read.`, 'Use protocol 2 to 5.', {
      byte: 1,
    });
  }
  if (!looksLikePickle(bytes)) {
    throw new FormatProblem('wrong-format', 'This is no Python pickle.', 'Pack the file again with protocol 4.', {
      byte: 0,
    });
  }
  return new Unpickler(bytes, options).run();
}

/** The pickle machine: a stack of values and a memo. Everything it holds came from bytes that were read. */
class Unpickler {
  readonly #cursor: ByteCursor;
  readonly #scalars: PickleScalars;
  readonly #options: PickleOptions;
  readonly #budget: Budget;
  readonly #stack: PickleStack;
  readonly #memo: PickleMemo;
  readonly #calls: PickleCalls;

  constructor(bytes: Uint8Array, options: PickleOptions) {
    this.#cursor = new ByteCursor(bytes, 'pickle');
    this.#options = options;
    this.#budget = options.budget ?? new Budget(bytes.length);
    this.#calls = new PickleCalls(options.globals ?? new Map(), this.#budget);
    this.#scalars = new PickleScalars(this.#cursor, this.#budget);
    this.#stack = new PickleStack(this.#budget);
    this.#memo = new PickleMemo(this.#budget);
  }

  run(): { readonly value: PickleValue; readonly end: number } {
    for (;;) {
      const at = this.#cursor.position;
      const opcode = this.#cursor.u8();
      try {
        if (opcode === OP.STOP) return { value: this.#stack.pop(), end: this.#cursor.position };
        const plain = this.#scalars.value(opcode);
        const value = plain === undefined ? this.#composed(opcode) : plain;
        if (value === undefined) this.#act(opcode);
        else this.#stack.push(value);
      } catch (error) {
        // A missing operand is named with its opcode's byte; the end of the file has a byte already.
        if (error instanceof FormatProblem && error.place.byte === undefined) {
          throw new FormatProblem(error.code, error.sentence, error.hint, { byte: at });
        }
        throw error;
      }
    }
  }

  /** The value that an opcode makes out of others or takes from the memo; undefined for one that pushes nothing. */
  #composed(opcode: number): PickleValue | undefined {
    const cursor = this.#cursor;
    const stack = this.#stack;
    switch (opcode) {
      case OP.EMPTY_LIST:
      case OP.EMPTY_TUPLE:
      case OP.EMPTY_SET:
        this.#budget.charge(OBJECT_BYTES);
        return [];
      case OP.TUPLE:
      case OP.LIST:
      case OP.FROZENSET:
        this.#budget.charge(OBJECT_BYTES);
        return stack.sinceMark();
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        this.#budget.charge(OBJECT_BYTES);
        return stack.popMany(opcode - OP.TUPLE1 + 1);
      case OP.EMPTY_DICT:
        this.#budget.charge(OBJECT_BYTES);
        return new Map();
      case OP.DICT: {
        const items = stack.sinceMark();
        this.#budget.charge(OBJECT_BYTES);
        const dictionary = new Map<PickleValue, PickleValue>();
        this.#setItems(dictionary, items);
        return dictionary;
      }
      case OP.DUP:
        return stack.top();
      case OP.GET:
        return this.#memo.get(Number(wholeLiteral(this.#scalars.line())));
      case OP.BINGET:
        return this.#memo.get(cursor.u8());
      case OP.LONG_BINGET:
        return this.#memo.get(cursor.u32());
      case OP.GLOBAL:
        return this.#calls.global(`${this.#scalars.line()}.${this.#scalars.line()}`);
      case OP.STACK_GLOBAL: {
        const [module, name] = stack.popMany(2).map(asText);
        return this.#calls.global(`${known(module, 'the name of a module')}.${known(name, 'a name')}`);
      }
      case OP.EXT1:
        return this.#calls.global(`extension.${cursor.u8()}`);
      case OP.EXT2:
        return this.#calls.global(`extension.${cursor.u16()}`);
      case OP.EXT4:
        return this.#calls.global(`extension.${cursor.u32()}`);
      case OP.INST: {
        const callable = this.#calls.global(`${this.#scalars.line()}.${this.#scalars.line()}`);
        return this.#calls.construct(callable, stack.sinceMark());
      }
      case OP.OBJ: {
        const [callable, ...args] = stack.sinceMark();
        return this.#calls.construct(callable, args);
      }
      case OP.REDUCE:
      case OP.NEWOBJ: {
        const [callable, args] = stack.popMany(2);
        return this.#calls.construct(callable, args);
      }
      case OP.NEWOBJ_EX: {
        const [callable, args, named] = stack.popMany(3);
        return this.#calls.construct(callable, Array.isArray(args) ? [...args, named ?? null] : args);
      }
      case OP.PERSID:
        return this.#persistent(this.#scalars.line());
      case OP.BINPERSID:
        return this.#persistent(stack.pop());
      default:
        return undefined;
    }
  }

  /** The effects of an opcode besides pushing. */
  #act(opcode: number): void {
    const cursor = this.#cursor;
    const stack = this.#stack;
    switch (opcode) {
      case OP.PROTO:
        cursor.u8();
        return;
      case OP.FRAME:
        cursor.u64();
        return;
      case OP.READONLY_BUFFER:
        return;
      case OP.MARK:
        stack.mark();
        return;
      case OP.POP:
        stack.popOrUnmark();
        return;
      case OP.POP_MARK:
        stack.sinceMark();
        return;
      case OP.APPEND:
        this.#append(stack.popMany(1));
        return;
      case OP.APPENDS:
      case OP.ADDITEMS:
        this.#append(stack.sinceMark());
        return;
      case OP.SETITEM:
      case OP.SETITEMS: {
        const items = opcode === OP.SETITEM ? stack.popMany(2) : stack.sinceMark();
        const target = stack.top();
        if (target instanceof PickleObject) {
          target.items ??= new Map();
          this.#setItems(target.items, items);
          return;
        }
        if (!(target instanceof Map)) throw damagedPickle('a dict that is not there');
        this.#setItems(target, items);
        return;
      }
      case OP.PUT:
        this.#memo.set(Number(wholeLiteral(this.#scalars.line())), stack.top());
        return;
      case OP.BINPUT:
        this.#memo.set(cursor.u8(), stack.top());
        return;
      case OP.LONG_BINPUT:
        this.#memo.set(cursor.u32(), stack.top());
        return;
      case OP.MEMOIZE:
        this.#memo.set(this.#memo.size, stack.top());
        return;
      case OP.BUILD: {
        const state = stack.pop();
        const target = stack.top();
        // Attributes of a dict are not part of its items.
        if (target instanceof Map) return;
        if (!(target instanceof PickleObject)) throw damagedPickle('a state for something that takes none');
        target.build(state);
        return;
      }
      case OP.NEXT_BUFFER:
        throw new FormatProblem(
          'unsupported',
          'The numbers of this pickle lie outside of the file.',
          'Pack it again without buffer_callback.',
        );
      default:
        throw new FormatProblem(
          'unsupported',
          `Pickle opcode 0x${opcode.toString(16).padStart(2, '0')} is not one that Python has.`,
          'The file is damaged, or other data lie between the parts of the pickle, as joblib writes them.',
        );
    }
  }

  #append(values: readonly PickleValue[]): void {
    const target = this.#stack.top();
    if (target instanceof PickleObject) target.elements ??= [];
    const list = target instanceof PickleObject ? target.elements : target;
    if (!Array.isArray(list)) throw damagedPickle('a list that is not there');
    // Beside their places on the stack, which are let go only now.
    this.#budget.charge(ENTRY_BYTES * values.length);
    for (const value of values) list.push(value);
  }

  #setItems(target: Map<PickleValue, PickleValue>, items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0) throw damagedPickle('a key without a value');
    this.#budget.charge((MAP_ENTRY_BYTES * items.length) / 2);
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i] ?? null;
      // A str of Python 2: as bytes it would be another key each time.
      target.set(key instanceof Uint8Array ? this.#keyOf(key) : key, items[i + 1] ?? null);
    }
  }

  #keyOf(bytes: Uint8Array): string {
    this.#budget.charge(OBJECT_BYTES / 4 + 2 * bytes.length);
    return latin1Text(bytes);
  }

  #persistent(id: PickleValue): PickleValue {
    this.#budget.charge(OBJECT_BYTES);
    return this.#options.persistent?.(id) ?? new PickleObject('', [id]);
  }
}

function known<Value>(value: Value | undefined, missing: string): Value {
  if (value === undefined) throw damagedPickle(missing);
  return value;
}
