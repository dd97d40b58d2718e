import { Budget, ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { ELEMENT_BITS, type ElementType, floatsOf, integersOf } from './element-types.ts';
import { FormatProblem } from './problem.ts';
import { elementCount } from './shape.ts';
import { OPERATORS } from './tflite-operators.ts';

/** A tensor of a TensorFlow Lite model. */
export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** The numbers, dequantised; undefined where the file holds none or their type is not read. @throws FormatProblem */
  values(): Float32Array<ArrayBuffer> | undefined;
  /** Whether the file holds its numbers. */
  readonly constant: boolean;
}

export interface TfliteOperator {
  /** As the schema names it: "CONV_2D"; "CUSTOM name" for others' own. */
  readonly name: string;
  /** Tensors by number; -1 for one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Whether a function of its own, such as ReLU, acts on its result. */
  readonly activated: boolean;
}

/** The first graph of a TensorFlow Lite model. */
export interface TfliteModel {
  readonly tensors: readonly TfliteTensor[];
  readonly operators: readonly TfliteOperator[];
  readonly inputs: readonly number[];
}

const CUSTOM = 32;

/** TensorType of the schema. */
const TYPES: Readonly<Record<number, ElementType>> = {
  0: 'F32',
  1: 'F16',
  2: 'I32',
  3: 'U8',
  4: 'I64',
  6: 'BOOL',
  7: 'I16',
  9: 'I8',
  10: 'F64',
  12: 'U64',
  15: 'U32',
  16: 'U16',
};

/** More of anything is no model. */
const MOST = 1_000_000;

/** A tensor or an operator, beside its numbers and its name. */
const PART_COST = 4 * OBJECT_BYTES;

/** Reads a TensorFlow Lite model, a flatbuffer. Nothing is run. @throws FormatProblem */
export function readTflite(bytes: Uint8Array, budget = new Budget(bytes.length)): TfliteModel {
  const file = new Flatbuffer(bytes, budget);
  const model = file.table(file.u32(0));
  const codes = file.tables(model, 1).map((code) => {
    const old = file.field(code, 0, (at) => file.i8(at), 0);
    const builtin = Math.max(
      old,
      file.field(code, 3, (at) => file.i32(at), 0),
    );
    if (builtin === CUSTOM) return `CUSTOM ${file.text(code, 1)}`;
    return OPERATORS[builtin] ?? `operator ${builtin}`;
  });
  const buffers = file.tables(model, 4);
  const [graph] = file.tables(model, 2);
  if (graph === undefined) throw damaged('it has no graph');
  return {
    tensors: file.tables(graph, 0).map((tensor) => readTensor(file, tensor, buffers)),
    inputs: file.ints(graph, 1),
    operators: file.tables(graph, 3).map((operator) => {
      const name = codes[file.field(operator, 0, (at) => file.u32(at), 0)] ?? 'an operator without a name';
      const inputs = file.ints(operator, 1);
      return { name, inputs, outputs: file.ints(operator, 2), activated: isActivated(file, operator, name) };
    }),
  };
}

function isActivated(file: Flatbuffer, operator: number, name: string): boolean {
  const place = ACTIVATION[name];
  const options = place === undefined ? undefined : file.reference(operator, 4);
  return options !== undefined && place !== undefined && file.field(options, place, (at) => file.i8(at), 0) !== 0;
}

/** The place of `fused_activation_function` among the options of an operator. */
const ACTIVATION: Readonly<Record<string, number>> = {
  ADD: 0,
  SUB: 0,
  MUL: 0,
  DIV: 0,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  AVERAGE_POOL_2D: 5,
  MAX_POOL_2D: 5,
};

function readTensor(file: Flatbuffer, tensor: number, buffers: readonly number[]): TfliteTensor {
  const shape = file.ints(tensor, 0);
  const type = TYPES[file.field(tensor, 1, (at) => file.i8(at), 0)];
  const name = file.text(tensor, 3);
  const buffer = buffers[file.field(tensor, 2, (at) => file.u32(at), 0)];
  const bytes = buffer === undefined ? new Uint8Array(0) : contentOf(file, buffer);
  const quantisation = file.reference(tensor, 4);
  return {
    name,
    shape,
    constant: bytes.length > 0,
    values: () => {
      if (bytes.length === 0 || type === undefined) return undefined;
      const size = (elementCount(shape) * ELEMENT_BITS[type]) / 8;
      if (bytes.length !== size) throw damaged(`"${name.slice(0, 80)}" takes ${size} bytes, but has ${bytes.length}`);
      const floats = floatsOf({ type, shape, bytes });
      if (floats !== undefined) return floats;
      const whole = integersOf({ type, shape, bytes });
      const scales = quantisation === undefined ? [] : file.floats(quantisation, 2);
      if (whole === undefined || scales.length === 0 || quantisation === undefined) return undefined;
      const axis = file.field(quantisation, 6, (at) => file.i32(at), 0);
      return scaled(whole, shape, scales, file.longs(quantisation, 3), scales.length === 1 ? undefined : axis, name);
    },
  };
}

function scaled(
  whole: Float64Array,
  shape: readonly number[],
  scales: readonly number[],
  zeros: readonly number[],
  axis: number | undefined,
  name: string,
): Float32Array<ArrayBuffer> {
  const inner = axis === undefined ? 1 : elementCount(shape.slice(axis + 1));
  const size = axis === undefined ? 1 : (shape[axis] ?? 0);
  if (scales.length !== size) throw damaged(`"${name.slice(0, 80)}" has ${scales.length} scales for ${size} filters`);
  return Float32Array.from(whole, (value, place) => {
    const of = Math.floor(place / inner) % size;
    return (value - (zeros[of] ?? 0)) * (scales[of] ?? Number.NaN);
  });
}

/** A buffer's bytes: within the flatbuffer, or behind it in models of more than 2 GiB. */
function contentOf(file: Flatbuffer, buffer: number): Uint8Array {
  const offset = file.field(buffer, 1, (at) => file.u64(at), 0);
  const size = file.field(buffer, 2, (at) => file.u64(at), 0);
  return offset > 1 ? file.part(offset, size) : file.vector(buffer, 0);
}

/**
 * The few kinds of fields that the schema has. Every place is checked, and every vector charged: tables may share one.
 */
class Flatbuffer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #budget: Budget;

  constructor(bytes: Uint8Array, budget: Budget) {
    this.#bytes = bytes;
    this.#budget = budget;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(at: number): number {
    return this.#number(at, 4, () => this.#view.getUint32(at, true));
  }

  i32(at: number): number {
    return this.#number(at, 4, () => this.#view.getInt32(at, true));
  }

  i8(at: number): number {
    return this.#number(at, 1, () => this.#view.getInt8(at));
  }

  u64(at: number): number {
    return this.#number(at, 8, () => Number(this.#view.getBigUint64(at, true)));
  }

  /** A table's place, checked. */
  table(at: number): number {
    this.i32(at);
    return at;
  }

  /** A field of a table, or its default where the table leaves it out. */
  field(table: number, index: number, read: (at: number) => number, missing: number): number {
    const at = this.#place(table, index);
    return at === undefined ? missing : read(at);
  }

  /** The place of a table that a field refers to. */
  reference(table: number, index: number): number | undefined {
    const at = this.#place(table, index);
    return at === undefined ? undefined : this.table(at + this.u32(at));
  }

  /** Tables in a vector. */
  tables(table: number, index: number): readonly number[] {
    const { start, count } = this.#vectorAt(table, index, 4);
    this.#budget.charge(PART_COST * count, 'its parts');
    return Array.from({ length: count }, (_, i) => {
      const at = start + 4 * i;
      return this.table(at + this.u32(at));
    });
  }

  ints(table: number, index: number): readonly number[] {
    const { start, count } = this.#vectorAt(table, index, 4);
    return Array.from({ length: count }, (_, i) => this.i32(start + 4 * i));
  }

  floats(table: number, index: number): readonly number[] {
    const { start, count } = this.#vectorAt(table, index, 4);
    return Array.from({ length: count }, (_, i) => this.#view.getFloat32(start + 4 * i, true));
  }

  longs(table: number, index: number): readonly number[] {
    const { start, count } = this.#vectorAt(table, index, 8);
    return Array.from({ length: count }, (_, i) => Number(this.#view.getBigInt64(start + 8 * i, true)));
  }

  vector(table: number, index: number): Uint8Array {
    const { start, count } = this.#vectorAt(table, index, 1);
    return this.#bytes.subarray(start, start + count);
  }

  text(table: number, index: number): string {
    const letters = this.vector(table, index).subarray(0, 1000);
    this.#budget.charge(2 * letters.length, 'its names');
    return new TextDecoder().decode(letters);
  }

  part(offset: number, size: number): Uint8Array {
    if (!(offset + size <= this.#bytes.length)) throw damaged('a part of it is cut off');
    return this.#bytes.subarray(offset, offset + size);
  }

  #vectorAt(table: number, index: number, width: number): { readonly start: number; readonly count: number } {
    const field = this.#place(table, index);
    if (field === undefined) return { start: 0, count: 0 };
    const at = field + this.u32(field);
    const count = this.u32(at);
    if ((width > 1 && count > MOST) || at + 4 + count * width > this.#bytes.length)
      throw damaged('a part of it is cut off');
    if (width > 1) this.#budget.charge(ENTRY_BYTES * count, 'its numbers');
    return { start: at + 4, count };
  }

  /** Where a table keeps a field: its table of offsets says. */
  #place(table: number, index: number): number | undefined {
    const offsets = table - this.i32(table);
    const size = this.#number(offsets, 2, () => this.#view.getUint16(offsets, true));
    const entry = offsets + 4 + 2 * index;
    if (4 + 2 * index + 2 > size) return undefined;
    const offset = this.#number(entry, 2, () => this.#view.getUint16(entry, true));
    return offset === 0 ? undefined : table + offset;
  }

  #number(at: number, width: number, read: () => number): number {
    if (at < 0 || at + width > this.#bytes.length) throw damaged('a part of it is cut off');
    return read();
  }
}

function damaged(fault: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `The TensorFlow Lite model is damaged: ${fault}.`,
    'Copy or convert it again.',
  );
}
