import type { OnnxNode } from '../../formats/onnx.ts';
import { elementCount } from '../../formats/shape.ts';
import {
  axisOf,
  broadcastPlace,
  broadcastShape,
  type Constant,
  constantOf,
  elementwise,
  rearranged,
  type Take,
  transposed,
  wholeNumbers,
} from './constant.ts';
import { ARITHMETIC, mapped } from './constant-arithmetic.ts';
import { concatenated, gathered, padded, product, reshaped, sliced, tiled } from './moved-constants.ts';
import { dequantised, quantised } from './quantised.ts';

/** Works out an operator's results; undefined where its inputs or attributes are none that it takes. */
export type Operator = (
  node: OnnxNode,
  inputs: readonly (Constant | undefined)[],
  take: Take,
) => Constant | readonly Constant[] | undefined;

/** TensorProto.DataType of the whole types that a Cast can name; bool apart. */
const WHOLE_TYPES = new Set([2, 3, 4, 5, 6, 7, 12, 13, 21, 22]);
const BOOL = 9;

/** ONNX operators that lead from stored numbers to a weight, by name. Everything is worked out in double precision or as stored. */
export const ONNX_OPERATORS: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(
    Object.entries(ARITHMETIC).map(([name, work]): [string, Operator] => [
      name,
      (_, inputs, take) => work(inputs, take),
    ]),
  ),
  Identity: (_, [x]) => x,
  CastLike: (_, [x]) => x,
  Dropout: (_, [x]) => x,
  Cast: (node, [x], take) => {
    const to = node.attributes.get('to')?.int ?? 1;
    if (x === undefined || !(WHOLE_TYPES.has(to) || to === BOOL)) return x && { shape: x.shape, data: x.data };
    return mapped(x, to === BOOL ? (value) => (value === 0 ? 0 : 1) : Math.trunc, take);
  },
  Reshape: (node, [x, shape]) => {
    const sizes = shape === undefined ? node.attributes.get('shape')?.ints : wholeNumbers(shape);
    return x && sizes && reshaped(x, sizes, node.attributes.get('allowzero')?.int === 1);
  },
  Flatten: (node, [x]) => {
    const axis = node.attributes.get('axis')?.int ?? 1;
    if (x === undefined) return undefined;
    const cut = axis < 0 ? axis + x.shape.length : axis;
    return { ...x, shape: [elementCount(x.shape.slice(0, cut)), elementCount(x.shape.slice(cut))] };
  },
  Transpose: (node, [x], take) => {
    const order = node.attributes.get('perm')?.ints;
    return x && transposed(x, order ?? [...x.shape.keys()].reverse(), take);
  },
  Unsqueeze: (node, [x, axes]) => {
    const added = axes === undefined ? node.attributes.get('axes')?.ints : wholeNumbers(axes);
    if (x === undefined || added === undefined || added.length > 8) return undefined;
    const rank = x.shape.length + added.length;
    const places = new Set(added.map((axis) => axisOf(axis, rank)));
    if (places.has(undefined) || places.size !== added.length) return undefined;
    const left = [...x.shape];
    return { ...x, shape: Array.from({ length: rank }, (_, axis) => (places.has(axis) ? 1 : (left.shift() ?? 1))) };
  },
  Squeeze: (node, [x, axes]) => {
    const given = axes === undefined ? node.attributes.get('axes')?.ints : wholeNumbers(axes);
    if (x === undefined) return undefined;
    const gone = given && new Set(given.map((axis) => axisOf(axis, x.shape.length)));
    return { ...x, shape: x.shape.filter((size, axis) => !(gone === undefined ? size === 1 : gone.has(axis))) };
  },
  MatMul: (_, [x, y], take) => x && y && product(x, y, take),
  Tile: (_, [x, repeats], take) => x && repeats && tiled(x, wholeNumbers(repeats), take),
  Pad: (node, [x, given, fill, axes], take) => {
    const pads = given === undefined ? node.attributes.get('pads')?.ints : wholeNumbers(given);
    const plain = (node.attributes.get('mode')?.text ?? 'constant') === 'constant';
    if (x === undefined || pads === undefined || !plain || axes !== undefined) return undefined;
    return padded(x, pads, fill?.data[0] ?? node.attributes.get('value')?.float ?? 0, take);
  },
  Clip: (node, [x, low, high], take) => {
    const from = low?.data[0] ?? node.attributes.get('min')?.float ?? -Infinity;
    const to = high?.data[0] ?? node.attributes.get('max')?.float ?? Infinity;
    return x && mapped(x, (value) => Math.min(to, Math.max(from, value)), take);
  },
  Where: (_, [condition, x, y], take) => {
    const chosen = x && condition && elementwise(condition, x, (on, value) => (on === 0 ? Number.NaN : value), take);
    const other = y && condition && elementwise(condition, y, (on, value) => (on === 0 ? value : Number.NaN), take);
    // NaN marks the places of the other one.
    return chosen && other && elementwise(chosen, other, (a, b) => (Number.isNaN(a) ? b : a), take);
  },
  Shape: (_, [x]) => x && constantOf([x.shape.length], x.shape),
  Size: (_, [x]) => x && constantOf([], [elementCount(x.shape)]),
  ConstantOfShape: (node, [shape], take) => {
    if (shape === undefined) return undefined;
    const sizes = wholeNumbers(shape);
    take(elementCount(sizes));
    const value = node.attributes.get('value')?.tensor?.values()[0] ?? 0;
    return { shape: sizes, data: new Float32Array(elementCount(sizes)).fill(value) };
  },
  Expand: (_, [x, shape], take) => {
    if (x === undefined || shape === undefined) return undefined;
    const to = broadcastShape(x.shape, wholeNumbers(shape));
    return to && rearranged(x, to, broadcastPlace(x.shape, to), take);
  },
  Concat: (node, inputs, take) => {
    const parts = inputs.flatMap((input) => input ?? []);
    return parts.length === inputs.length
      ? concatenated(parts, node.attributes.get('axis')?.int ?? 0, take)
      : undefined;
  },
  Gather: (node, [x, indices], take) => {
    if (x === undefined || indices === undefined) return undefined;
    const axis = axisOf(node.attributes.get('axis')?.int ?? 0, x.shape.length);
    return axis === undefined ? undefined : gathered(x, axis, indices, take);
  },
  Slice: (node, [x, ...rest], take) => {
    const given = (place: number, name: string) => {
      const input = rest[place];
      return input === undefined ? node.attributes.get(name)?.ints : wholeNumbers(input);
    };
    const starts = given(0, 'starts');
    const ends = given(1, 'ends');
    if (x === undefined || starts === undefined || ends === undefined) return undefined;
    return sliced(x, starts, ends, given(2, 'axes') ?? [...starts.keys()], given(3, 'steps'), take);
  },
  Split: (node, [x, sizes], take) => {
    if (x === undefined) return undefined;
    const axis = axisOf(node.attributes.get('axis')?.int ?? 0, x.shape.length);
    if (axis === undefined) return undefined;
    const whole = x.shape[axis] ?? 0;
    const count = node.outputs.length;
    const equal = Math.ceil(whole / count);
    const parts =
      (sizes === undefined ? node.attributes.get('split')?.ints : wholeNumbers(sizes)) ??
      Array.from({ length: count }, (_, part) => Math.min(equal, whole - part * equal));
    let start = 0;
    const found: Constant[] = [];
    for (const size of parts) {
      const part = sliced(x, [start], [start + size], [axis], undefined, take);
      if (part === undefined) return undefined;
      found.push(part);
      start += size;
    }
    return found;
  },
  ReduceProd: reduced(1, (product, x) => product * x),
  ReduceSum: reduced(0, (sum, x) => sum + x),
  ReduceSumSquare: reduced(0, (sum, x) => sum + x * x),
  ReduceL1: reduced(0, (sum, x) => sum + Math.abs(x)),
  ReduceL2: reduced(0, (sum, x) => sum + x * x, Math.sqrt),
  ReduceMean: reduced(
    0,
    (sum, x) => sum + x,
    (sum, count) => sum / count,
  ),
  ReduceMax: reduced(-Infinity, Math.max),
  ReduceMin: reduced(Infinity, Math.min),
  DequantizeLinear: (node, [x, scale, zero], take) =>
    x && scale && dequantised(x, scale, zero, axisAndBlock(node), take),
  QuantizeLinear: (node, [x, scale, zero], take) =>
    x &&
    scale &&
    quantised(x, scale, zero, { ...axisAndBlock(node), output: node.attributes.get('output_dtype')?.int }, take),
};

function axisAndBlock(node: OnnxNode) {
  return { axis: node.attributes.get('axis')?.int ?? 1, block: node.attributes.get('block_size')?.int ?? 0 };
}

function reduced(
  start: number,
  add: (sum: number, value: number) => number,
  finish: (sum: number, count: number) => number = (sum) => sum,
): Operator {
  return (node, [x, given], take) => {
    if (x === undefined) return undefined;
    const rank = x.shape.length;
    const named = given === undefined ? (node.attributes.get('axes')?.ints ?? []) : wholeNumbers(given);
    if (named.length === 0 && node.attributes.get('noop_with_empty_axes')?.int === 1) return x;
    const axes = new Set(named.length === 0 ? x.shape.keys() : named.map((axis) => axisOf(axis, rank)));
    if (axes.has(undefined)) return undefined;
    const kept = x.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
    take(x.data.length);
    const sums = new Float64Array(elementCount(kept)).fill(start);
    const place = broadcastPlace(kept, x.shape);
    for (const [at, value] of x.data.entries()) sums[place(at)] = add(sums[place(at)] ?? start, value);
    const count = x.data.length / sums.length;
    const shape = node.attributes.get('keepdims')?.int === 0 ? x.shape.filter((_, axis) => !axes.has(axis)) : kept;
    return { shape, data: sums.map((sum) => finish(sum, count)) };
  };
}
