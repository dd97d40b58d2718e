import { elementCount, stridesOf } from '../../formats/shape.ts';
import { axisOf, type Constant, rearranged, type Take, wholeNumbers } from './constant.ts';

/** Another shape of the same numbers: a size of 0 keeps the one that was there, -1 is the rest. */
export function reshaped(x: Constant, sizes: readonly number[], zeroIsZero: boolean): Constant | undefined {
  if (sizes.length > 16) return undefined;
  const shape = sizes.map((size, axis) => (size === 0 && !zeroIsZero ? (x.shape[axis] ?? 0) : size));
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = x.data.length / elementCount(shape.filter((_, axis) => axis !== open));
  return elementCount(shape) === x.data.length ? { ...x, shape } : undefined;
}

/** Several constants behind each other on an axis; undefined where their other sizes differ. */
export function concatenated(parts: readonly Constant[], wanted: number, take: Take): Constant | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const axis = axisOf(wanted, first.shape.length);
  if (axis === undefined) return undefined;
  const same = (shape: readonly number[]) => shape.map((size, at) => (at === axis ? 0 : size)).join();
  if (parts.some(({ shape }) => same(shape) !== same(first.shape))) return undefined;
  const shape = first.shape.map((size, at) =>
    at === axis ? parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0) : size,
  );
  take(elementCount(shape));
  const data = new Float64Array(elementCount(shape));
  const inner = elementCount(first.shape.slice(axis + 1));
  const outer = elementCount(first.shape.slice(0, axis));
  let at = 0;
  for (let block = 0; block < outer; block++) {
    for (const part of parts) {
      const length = (part.shape[axis] ?? 0) * inner;
      data.set(part.data.subarray(block * length, (block + 1) * length), at);
      at += length;
    }
  }
  return { shape, data: parts.every((part) => part.data instanceof Float32Array) ? new Float32Array(data) : data };
}

/** The places of an axis that `indices` names. */
export function gathered(x: Constant, axis: number, indices: Constant, take: Take): Constant | undefined {
  const size = x.shape[axis] ?? 0;
  const wanted = wholeNumbers(indices).map((index) => axisOf(index, size));
  if (wanted.includes(undefined)) return undefined;
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const inner = elementCount(x.shape.slice(axis + 1));
  const from = (place: number) => {
    const within = place % inner;
    const chosen = Math.floor(place / inner) % wanted.length;
    const block = Math.floor(place / inner / wanted.length);
    return (block * size + (wanted[chosen] ?? 0)) * inner + within;
  };
  return rearranged(x, shape, from, take);
}

/** A part of each of some axes, as ONNX's Slice takes it: ends apart, negative places counted from the end. */
export function sliced(
  x: Constant,
  starts: readonly number[],
  ends: readonly number[],
  axes: readonly number[],
  steps: readonly number[] | undefined,
  take: Take,
): Constant | undefined {
  const shape = [...x.shape];
  const first = x.shape.map(() => 0);
  const step = x.shape.map(() => 1);
  for (const [place, wanted] of axes.entries()) {
    const axis = axisOf(wanted, x.shape.length);
    if (axis === undefined) return undefined;
    const size = x.shape[axis] ?? 0;
    const by = steps?.[place] ?? 1;
    if (by === 0) return undefined;
    const counted = (value: number) => (value < 0 ? value + size : value);
    const low = by > 0 ? 0 : -1;
    const high = by > 0 ? size : size - 1;
    const start = Math.min(high, Math.max(0, counted(starts[place] ?? 0)));
    const end = Math.min(by > 0 ? size : high, Math.max(low, counted(ends[place] ?? 0)));
    shape[axis] = Math.max(0, Math.ceil((end - start) / by));
    first[axis] = start;
    step[axis] = by;
  }
  const from = placeWithin(shape, x.shape, (index, axis) => (first[axis] ?? 0) + index * (step[axis] ?? 1));
  return rearranged(x, shape, from, take);
}

/** Repeated along each axis; undefined where the numbers of times are none. */
export function tiled(x: Constant, repeats: readonly number[], take: Take): Constant | undefined {
  if (repeats.length !== x.shape.length || repeats.some((times) => times < 0)) return undefined;
  const shape = x.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  return rearranged(
    x,
    shape,
    placeWithin(shape, x.shape, (index, axis) => index % (x.shape[axis] ?? 1)),
    take,
  );
}

/** With `fill` around it, or with less of it where a number is negative; `pads` are those before each axis, then those behind. */
export function padded(x: Constant, pads: readonly number[], fill: number, take: Take): Constant | undefined {
  const rank = x.shape.length;
  if (pads.length !== 2 * rank) return undefined;
  const shape = x.shape.map((size, axis) => size + (pads[axis] ?? 0) + (pads[rank + axis] ?? 0));
  if (shape.some((size) => size < 0)) return undefined;
  const place = placeWithin(shape, x.shape, (index, axis) => index - (pads[axis] ?? 0));
  const whole = rearranged(x, shape, place, take);
  // Places beside the constant are NaN so far, which it may hold as well.
  for (const at of whole.data.keys()) if (place(at) < 0) whole.data[at] = fill;
  return whole;
}

/** Where an element of a shape comes from, by its index along each axis; -1 where one lies outside. */
function placeWithin(
  shape: readonly number[],
  from: readonly number[],
  indexOf: (index: number, axis: number) => number,
): (place: number) => number {
  const [outer, inner] = [stridesOf(shape), stridesOf(from)];
  return (place) => {
    let rest = place;
    let at = 0;
    for (const [axis, size] of from.entries()) {
      const stride = outer[axis] ?? 1;
      const index = Math.floor(rest / stride);
      rest -= index * stride;
      const own = indexOf(index, axis);
      if (own < 0 || own >= size) return -1;
      at += own * (inner[axis] ?? 1);
    }
    return at;
  };
}

/** The product of two matrices, or of one with a vector, in double precision; undefined for others. */
export function product(a: Constant, b: Constant, take: Take): Constant | undefined {
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const [rows = 0, inner = 0] = left;
  const [length = 0, columns = 0] = right;
  if (left.length !== 2 || right.length !== 2 || inner !== length) return undefined;
  take(rows * columns);
  // The time is that of the multiplications.
  take((rows * columns * inner) / MULTIPLIED);
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let at = 0; at < inner; at++) {
      const factor = a.data[row * inner + at] ?? Number.NaN;
      for (let column = 0; column < columns; column++) {
        const place = row * columns + column;
        data[place] = (data[place] ?? 0) + factor * (b.data[at * columns + column] ?? Number.NaN);
      }
    }
  }
  const shape = [...(a.shape.length === 1 ? [] : [rows]), ...(b.shape.length === 1 ? [] : [columns])];
  return { shape, data };
}

/** Multiplications that take as long as making a number. */
const MULTIPLIED = 8;
