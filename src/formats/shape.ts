/** The number of elements of a shape; NaN where a size is no whole number from 0 on. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => (Number.isSafeInteger(size) && size >= 0 ? count * size : Number.NaN), 1);
}

/** A window on a row of numbers, as numpy and PyTorch describe one: all in elements. */
export interface Window {
  readonly offset: number;
  readonly shape: readonly number[];
  /** Steps from one element of an axis to the next. */
  readonly strides: readonly number[];
}

/** The strides of a C-order array, or of Fortran order. */
export function stridesOf(shape: readonly number[], fortran = false): readonly number[] {
  const strides = shape.map(() => 1);
  const axes = fortran ? [...shape.keys()] : [...shape.keys()].reverse();
  let step = 1;
  for (const axis of axes) {
    strides[axis] = step;
    step *= shape[axis] ?? 0;
  }
  return strides;
}

/** The last element that a window reaches; undefined for one without elements. */
export function lastOf({ offset, shape, strides }: Window): number | undefined {
  if (shape.includes(0)) return undefined;
  return shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset);
}

/** Whether the elements lie one after the other in C order. */
export function isContiguous({ shape, strides }: Window): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if ((shape[axis] ?? 0) > 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] ?? 0;
  }
  return true;
}

/** The elements of a window in C order. `into` has one place for each; `zero` is the value of an empty place. */
export function gather<Value, Target extends { [index: number]: Value }>(
  values: ArrayLike<Value>,
  { offset, shape, strides }: Window,
  into: Target,
  zero: Value,
): Target {
  const position = shape.map(() => 0);
  const count = elementCount(shape);
  let from = offset;
  for (let i = 0; i < count; i++) {
    into[i] = values[from] ?? zero;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const wraps = next === shape[axis];
      position[axis] = wraps ? 0 : next;
      from += (strides[axis] ?? 0) * (wraps ? 1 - next : 1);
      if (!wraps) break;
    }
  }
  return into;
}
