import type { Architecture } from '../../src/network/architecture.ts';

/** A tensor in the layout of engines that keep channels first. */
export interface ChannelsFirst {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Images [N,S,S,3] to [N,3,S,S], convolutions [k,k,in,out] to [out,in,k,k], the embedding's columns from channels last
 * to channels first, and vectors of a convolution's channels [C] to [1,C,1,1]; the others stay.
 */
export function channelsFirst(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  name: string,
  architecture?: Architecture,
): ChannelsFirst {
  if (name === 'images') return permuted(values, shape, [0, 3, 1, 2]);
  if (shape.length === 4) return permuted(values, shape, [3, 2, 0, 1]);
  if (name === 'embedding.weight' && architecture !== undefined) {
    const [outputs = 0] = shape;
    const channels = architecture.body[architecture.body.length - 1]?.outputs ?? architecture.stem.outputs;
    const side = Math.round(Math.sqrt(architecture.features / channels));
    return { shape, values: permuted(values, [outputs, side, side, channels], [0, 3, 1, 2]).values };
  }
  if (shape.length === 1 && !name.startsWith('embedding')) return { shape: [1, ...shape, 1, 1], values };
  return { shape, values };
}

/** Transposes four axes: axis i of the result is axis order[i] of the input. */
function permuted(
  values: Float32Array<ArrayBuffer>,
  shape: readonly number[],
  order: readonly [number, number, number, number],
): ChannelsFirst {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const [a, b, c, d] = order.map((axis) => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 1 }));
  if (!(a && b && c && d)) throw new Error('Four axes are needed.');
  const result = new Float32Array(values.length);
  let next = 0;
  for (let i = 0; i < a.size; i++)
    for (let j = 0; j < b.size; j++)
      for (let k = 0; k < c.size; k++)
        for (let l = 0; l < d.size; l++)
          result[next++] = values[i * a.stride + j * b.stride + k * c.stride + l * d.stride] ?? Number.NaN;
  return { shape: order.map((axis) => shape[axis] ?? 1), values: result };
}
