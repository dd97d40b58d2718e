import { Budget, ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { ELEMENT_BITS, type ElementType, floatsOf } from './element-types.ts';
import { FormatProblem } from './problem.ts';
import { elementCount } from './shape.ts';

/** An array of an MXNet `.params` file. */
export interface MxnetArray {
  /** With its kind in front: "arg:conv0_weight", "aux:bn0_moving_var". */
  readonly name: string;
  readonly shape: readonly number[];
  /** Its element type, as safetensors names it. */
  readonly type: string;
  /** Undefined for whole numbers. */
  floats(): Float32Array<ArrayBuffer> | undefined;
}

const LIST = 0x112;
const VERSION_1 = 0xf993fac8;
const VERSION_2 = 0xf993fac9;
const VERSION_3 = 0xf993faca;
/** mshadow's TypeFlag. */
const TYPES: Readonly<Record<number, ElementType>> = {
  0: 'F32',
  1: 'F64',
  2: 'F16',
  3: 'U8',
  4: 'I32',
  5: 'I8',
  6: 'I64',
  7: 'BOOL',
  12: 'BF16',
};
const MOST_AXES = 32;

/** An array with its shape, its view of the file and its name. */
const ARRAY_COST = 6 * OBJECT_BYTES;

/** Reads an MXNet `.params` file (src/ndarray/ndarray.cc, NDArray::Load). @throws FormatProblem */
export function readMxnetParams(bytes: Uint8Array, budget = new Budget(bytes.length)): readonly MxnetArray[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): number => {
    const start = at;
    if (!(count >= 0 && at + count <= bytes.length)) throw damaged('truncated', 'it ends too early');
    at += count;
    return start;
  };
  const u32 = () => view.getUint32(take(4), true);
  const u64 = () => Number(view.getBigUint64(take(8), true));
  if (u64() !== LIST) throw damaged('wrong-format', 'it does not begin as one');
  take(8);
  const count = u64();
  // An array takes 16 bytes at least.
  if (count * 16 > bytes.length) throw damaged('inconsistent', `it claims ${count} arrays`);
  budget.charge(ARRAY_COST * count, 'its arrays');
  const arrays = Array.from({ length: count }, () => {
    const first = u32();
    const known = first === VERSION_1 || first === VERSION_2 || first === VERSION_3;
    if ((first === VERSION_2 || first === VERSION_3) && u32() !== 0) {
      throw damaged('unsupported', 'it holds sparse arrays');
    }
    // Before the first version the number of axes came first, in 32 bits each.
    const axes = known ? u32() : first;
    if (axes > MOST_AXES) throw damaged('inconsistent', `an array of ${axes} axes is none`);
    budget.charge(ENTRY_BYTES * axes, 'its arrays');
    const shape = Array.from({ length: axes }, () => (known ? u64() : u32()));
    if (axes === 0) return { shape, type: undefined, bytes: bytes.subarray(0, 0) };
    take(8);
    const type = TYPES[u32()];
    if (type === undefined) throw damaged('unsupported', 'it holds numbers of a type that is not read');
    const size = (elementCount(shape) * ELEMENT_BITS[type]) / 8;
    const start = take(size);
    return { shape, type, bytes: bytes.subarray(start, start + size) };
  });
  const names = u64();
  if (names !== count) throw damaged('inconsistent', `it has ${count} arrays and ${names} names`);
  return arrays.map(({ shape, type, bytes: data }) => {
    const length = u64();
    const start = take(length);
    budget.charge(2 * length, 'its names');
    const name = new TextDecoder().decode(bytes.subarray(start, start + length));
    return {
      name,
      shape,
      type: type ?? 'no type',
      floats: () => (type === undefined ? undefined : floatsOf({ type, shape, bytes: data })),
    };
  });
}

function damaged(code: 'truncated' | 'wrong-format' | 'inconsistent' | 'unsupported', fault: string): FormatProblem {
  return new FormatProblem(code, `The MXNet .params file cannot be read: ${fault}.`, 'Copy or save it again.');
}
