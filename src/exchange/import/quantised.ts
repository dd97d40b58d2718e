import { axisOf, type Constant, type Take } from './constant.ts';

/** Which numbers share a scale: all, those of one place on `axis`, or of `block` places on it (0: none). */
export interface QuantisedAxis {
  readonly axis: number;
  readonly block: number;
}

/** Whole types that QuantizeLinear writes, by TensorProto.DataType and by name. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  U8: [0, 255],
  I8: [-128, 127],
  U16: [0, 65_535],
  I16: [-32_768, 32_767],
  U4: [0, 15],
  I4: [-8, 7],
};
const OUTPUT_TYPES: Readonly<Record<number, string>> = {
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  21: 'U4',
  22: 'I4',
};

/** (x - zero) * scale, of a tensor, of each place on an axis, or of blocks on it; undefined where the shapes do not fit. */
export function dequantised(
  x: Constant,
  scale: Constant,
  zero: Constant | undefined,
  axis: QuantisedAxis,
  take: Take,
): Constant | undefined {
  const place = scalePlace(x.shape, scale, axis);
  if (place === undefined || (zero !== undefined && zero.data.length !== scale.data.length)) return undefined;
  take(x.data.length);
  const data = new Float32Array(x.data.length);
  for (let at = 0; at < data.length; at++) {
    const of = place(at);
    data[at] = ((x.data[at] ?? Number.NaN) - (zero?.data[of] ?? 0)) * (scale.data[of] ?? Number.NaN);
  }
  return { shape: x.shape, data };
}

/** round(x / scale) + zero, clamped to its type, the way back; undefined for types that are no whole numbers. */
export function quantised(
  x: Constant,
  scale: Constant,
  zero: Constant | undefined,
  options: QuantisedAxis & { readonly output: number | undefined },
  take: Take,
): Constant | undefined {
  const type = zero?.type ?? (options.output ? OUTPUT_TYPES[options.output] : 'U8') ?? '';
  const range = RANGES[type];
  const place = scalePlace(x.shape, scale, options);
  if (range === undefined || place === undefined) return undefined;
  take(x.data.length);
  const data = new Float32Array(x.data.length);
  for (let at = 0; at < data.length; at++) {
    const of = place(at);
    const whole = roundHalfEven((x.data[at] ?? Number.NaN) / (scale.data[of] ?? Number.NaN)) + (zero?.data[of] ?? 0);
    data[at] = Math.min(range[1], Math.max(range[0], whole));
  }
  return { shape: x.shape, data, type };
}

function scalePlace(
  shape: readonly number[],
  scale: Constant,
  { axis: wanted, block }: QuantisedAxis,
): ((place: number) => number) | undefined {
  if (scale.data.length === 1) return () => 0;
  const axis = axisOf(wanted, shape.length);
  if (axis === undefined) return undefined;
  const size = shape[axis] ?? 0;
  const inner = shape.slice(axis + 1).reduce((count, one) => count * one, 1);
  if (block === 0) return scale.data.length === size ? (place) => Math.floor(place / inner) % size : undefined;
  const blocks = Math.ceil(size / block);
  const outer = shape.slice(0, axis).reduce((count, one) => count * one, 1);
  if (scale.data.length !== outer * blocks * inner) return undefined;
  return (place) => {
    const row = Math.floor(place / inner);
    const on = Math.floor(row / size) * blocks + Math.floor((row % size) / block);
    return on * inner + (place % inner);
  };
}

/** As ONNX rounds: halves to the even neighbour. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
