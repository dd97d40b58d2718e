import type { OnnxNode } from '../../formats/onnx.ts';
import { axisOf, broadcastShape, wholeNumbers } from './constant.ts';
import type { OnnxConstants } from './onnx-constants.ts';

type Shape = readonly number[] | undefined;

/**
 * The shapes that Resize, Upsample, Expand, Tile and ConstantOfShape give `x`, their first input: the operators by which
 * a small file asks for large tensors. Undefined for all others, and where sizes are computed from the image.
 */
export function grownShape(node: OnnxNode, x: Shape, constants: OnnxConstants): Shape {
  const { operator, inputs, attributes } = node;
  const numbers = (input: number): readonly number[] | undefined => {
    const name = inputs[input] ?? '';
    const value = name === '' ? undefined : constants.value(name);
    return value === undefined || 'why' in value || value.data.length === 0 ? undefined : Array.from(value.data);
  };
  const whole = (input: number) => {
    const value = constants.value(inputs[input] ?? '');
    return 'why' in value ? undefined : wholeNumbers(value);
  };
  if (operator === 'ConstantOfShape') return whole(0);
  if (x === undefined) return undefined;
  switch (operator) {
    case 'Upsample':
      return scaled(x, inputs.length > 1 ? numbers(1) : attributes.get('scales')?.floats);
    case 'Resize': {
      const policy = attributes.get('keep_aspect_ratio_policy')?.text ?? 'stretch';
      if (policy !== 'stretch') return undefined;
      const axes = attributes.get('axes')?.ints ?? [];
      const places = axes.length === 0 ? [...x.keys()] : axes.map((axis) => axisOf(axis, x.length));
      const spread = (given: readonly number[] | undefined, others: readonly number[]) =>
        given?.length === places.length ? others.map((other, axis) => given[places.indexOf(axis)] ?? other) : undefined;
      // Operator set 10 has the scales second, later ones third and sizes fourth.
      const sizes = numbers(3);
      if (sizes !== undefined) return spread(sizes, x);
      const ones = x.map(() => 1);
      return scaled(x, spread(numbers(inputs.length === 2 ? 1 : 2), ones));
    }
    case 'Expand': {
      const sizes = whole(1);
      return sizes && broadcastShape(x, sizes);
    }
    case 'Tile': {
      const times = whole(1);
      return times?.length === x.length ? x.map((size, axis) => size * (times[axis] ?? 1)) : undefined;
    }
    default:
      return undefined;
  }
}

function scaled(x: readonly number[], scales: readonly number[] | undefined): Shape {
  return scales?.length === x.length ? x.map((size, axis) => Math.floor(size * (scales[axis] ?? 1))) : undefined;
}
