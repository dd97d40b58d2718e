import { elementCount, stridesOf } from '../../formats/shape.ts';

/** A value of a model's graph that does not depend on its input, in C order. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
  /** Element type in the file, where it matters later: quantising clamps to it. */
  readonly type?: string;
}

/** Asks for room for so many numbers before they are made. @throws ModelProblem where a file asks for too many */
export type Take = (count: number) => void;

/** Whole numbers of a constant, as shapes and axes are. */
export function wholeNumbers({ data }: Constant): readonly number[] {
  return Array.from(data, Math.trunc);
}

export function constantOf(shape: readonly number[], data: readonly number[]): Constant {
  return { shape, data: Float64Array.from(data) };
}

/** An axis counted from the end where it is negative; undefined where there is no such axis. */
export function axisOf(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return Number.isInteger(counted) && counted >= 0 && counted < rank ? counted : undefined;
}

/** A constant of the same kind whose element at each place comes from the place that `from` names. */
export function rearranged(
  { data, type }: Constant,
  shape: readonly number[],
  from: (place: number) => number,
  take: Take,
): Constant {
  const count = elementCount(shape);
  take(count);
  const moved = data instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  for (let place = 0; place < count; place++) moved[place] = data[from(place)] ?? Number.NaN;
  return { shape, data: moved, ...(type === undefined ? {} : { type }) };
}

/** The common shape of two by NumPy's rules; undefined where there is none. */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    shape.push(left === 1 ? right : left);
  }
  return shape;
}

/** Where an element of the broadcast shape comes from in a constant. */
export function broadcastPlace(from: readonly number[], to: readonly number[]): (place: number) => number {
  const strides = stridesOf(from);
  const steps = to.map((_, axis) => {
    const own = axis - to.length + from.length;
    return own < 0 || from[own] === 1 ? 0 : (strides[own] ?? 0);
  });
  const outer = stridesOf(to);
  return (place) => {
    let rest = place;
    let at = 0;
    for (let axis = 0; axis < to.length; axis++) {
      const stride = outer[axis] ?? 1;
      const index = Math.floor(rest / stride);
      rest -= index * stride;
      at += index * (steps[axis] ?? 0);
    }
    return at;
  };
}

/** Element by element; undefined where the shapes do not go together. */
export function elementwise(
  a: Constant,
  b: Constant,
  of: (x: number, y: number) => number,
  take: Take,
): Constant | undefined {
  const shape = broadcastShape(a.shape, b.shape);
  if (shape === undefined) return undefined;
  const left = broadcastPlace(a.shape, shape);
  const right = broadcastPlace(b.shape, shape);
  const count = elementCount(shape);
  take(count);
  const single = a.data instanceof Float32Array && b.data instanceof Float32Array;
  const data = single ? new Float32Array(count) : new Float64Array(count);
  for (let place = 0; place < count; place++) {
    data[place] = of(a.data[left(place)] ?? Number.NaN, b.data[right(place)] ?? Number.NaN);
  }
  return { shape, data };
}

/** Axes in another order. */
export function transposed(constant: Constant, order: readonly number[], take: Take): Constant | undefined {
  const { shape } = constant;
  const sorted = order.toSorted((a, b) => a - b);
  if (sorted.length !== shape.length || sorted.some((axis, place) => axis !== place)) return undefined;
  const strides = stridesOf(shape);
  const turned = order.map((axis) => shape[axis] ?? 1);
  const outer = stridesOf(turned);
  const from = (place: number) => {
    let rest = place;
    let at = 0;
    for (const [position, axis] of order.entries()) {
      const stride = outer[position] ?? 1;
      const index = Math.floor(rest / stride);
      rest -= index * stride;
      at += index * (strides[axis] ?? 0);
    }
    return at;
  };
  return rearranged(constant, turned, from, take);
}
