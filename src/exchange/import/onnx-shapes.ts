import type { OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { elementCount } from '../../formats/shape.ts';
import { ModelProblem } from '../model-problem.ts';
import { axisOf, broadcastShape, wholeNumbers } from './constant.ts';
import { grownShape } from './grown-shapes.ts';
import type { OnnxConstants } from './onnx-constants.ts';
import { windowed } from './window-sizes.ts';

/** Sides of images where a model leaves them open: the ArcFace template's. */
const OPEN_SIDE = 112;

/** Shapes of a graph's values for one image. */
export interface ValueShapes {
  /** By the value's name; values of which the shape is not known are left out. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Height and width of the image, as the model fixes them or as assumed; undefined where it takes no image. */
  readonly image: { readonly height: number; readonly width: number; readonly assumed: boolean } | undefined;
}

/** The nodes of these have the shape of their first input. */
const SAME =
  /^(Abs|BatchNormalization|Cast|Celu|Ceil|Clip|DequantizeLinear|Dropout|Elu|Erf|Exp|Floor|Gelu|HardSigmoid|HardSwish|Identity|InstanceNormalization|LayerNormalization|LeakyRelu|Log|LpNormalization|LRN|MeanVarianceNormalization|Mish|Neg|PRelu|QuantizeLinear|Reciprocal|Relu|Round|Selu|Sigmoid|Sign|Softmax|Softplus|Softsign|Sqrt|Swish|Tanh|ThresholdedRelu)$/;
const BROADCAST = /^(Add|Sub|Mul|Div|Pow|Max|Min|Mean|Sum|Where)$/;

/**
 * The shapes of a graph's values for one image: of the operators that face networks are made of. Where an operator is
 * not known, its result and all behind it have no shape; no number is ever guessed. With `lenient`, so it is where a size
 * cannot be read.
 */
export function valueShapes(
  model: OnnxModel,
  constants: OnnxConstants,
  { lenient = false }: { readonly lenient?: boolean } = {},
): ValueShapes {
  const shapes = new Map<string, readonly number[]>();
  let image: ValueShapes['image'];
  for (const { name, shape } of model.inputs) {
    if (shape === undefined || shape.length !== 4) continue;
    const open = (size: number | string | undefined) => typeof size !== 'number' || size <= 0;
    const known = shape.map((size, axis) => (axis === 0 || open(size) ? (axis === 0 ? 1 : OPEN_SIDE) : Number(size)));
    const last = known[1] === 3 || known[1] === 1 || known[3] === undefined || known[3] > 4;
    const [high, wide] = last ? [2, 3] : [1, 2];
    image ??= {
      height: known[high] ?? 0,
      width: known[wide] ?? 0,
      assumed: open(shape[high]) || open(shape[wide]),
    };
    shapes.set(name, known);
  }
  const find = (name: string) => shapes.get(name) ?? constants.shape(name);
  for (const node of model.nodes) {
    const found = lenient ? shapeIfKnown(node, find, constants) : shapeOf(node, find, constants);
    if (found?.every((size) => Number.isSafeInteger(size) && size > 0)) shapes.set(node.outputs[0] ?? '', found);
  }
  return { shapes, image };
}

type Shape = readonly number[] | undefined;

function shapeIfKnown(...given: Parameters<typeof shapeOf>): Shape {
  try {
    return shapeOf(...given);
  } catch (error) {
    if (error instanceof FormatProblem || error instanceof ModelProblem) return undefined;
    throw error;
  }
}

function shapeOf(node: OnnxNode, find: (name: string) => Shape, constants: OnnxConstants): Shape {
  const x = find(node.inputs[0] ?? '');
  const { operator } = node;
  const ints = (input: number, attribute: string) => {
    const name = node.inputs[input];
    if (name === undefined || name === '') return node.attributes.get(attribute)?.ints;
    const value = constants.value(name);
    return 'why' in value ? undefined : wholeNumbers(value);
  };
  if (node.domain !== '' && node.domain !== 'com.microsoft') return undefined;
  if (x === undefined) return grownShape(node, x, constants);
  if (SAME.test(operator)) return x;
  if (BROADCAST.test(operator)) {
    let shape: Shape = x;
    for (const input of node.inputs.slice(1)) {
      const other = find(input);
      shape = shape && other && broadcastShape(shape, other);
    }
    return shape;
  }
  switch (operator) {
    case 'Conv':
    case 'FusedConv': {
      const kernel = find(node.inputs[1] ?? '');
      return kernel && windowed(node, x, kernel[0], kernel.slice(2));
    }
    case 'QLinearConv': {
      const kernel = find(node.inputs[3] ?? '');
      return kernel && windowed(node, x, kernel[0], kernel.slice(2));
    }
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return windowed(node, x, x[1], node.attributes.get('kernel_shape')?.ints ?? []);
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return x.map((size, axis) => (axis < 2 ? size : 1));
    case 'Concat': {
      const axis = axisOf(node.attributes.get('axis')?.int ?? 0, x.length);
      let total = 0;
      for (const input of node.inputs) {
        const part = find(input);
        if (part === undefined || axis === undefined) return undefined;
        total += part[axis] ?? 0;
      }
      return x.map((size, at) => (at === axis ? total : size));
    }
    case 'Pad': {
      const pads = ints(1, 'pads');
      return pads?.length === 2 * x.length
        ? x.map((size, at) => size + (pads[at] ?? 0) + (pads[at + x.length] ?? 0))
        : undefined;
    }
    case 'Flatten': {
      const axis = node.attributes.get('axis')?.int ?? 1;
      const cut = axis < 0 ? axis + x.length : axis;
      return [elementCount(x.slice(0, cut)), elementCount(x.slice(cut))];
    }
    case 'Reshape':
      return reshaped(x, ints(1, 'shape'));
    case 'Transpose': {
      const order = node.attributes.get('perm')?.ints ?? [...x.keys()].reverse();
      return order.map((axis) => x[axis] ?? 0);
    }
    case 'Squeeze': {
      const axes = ints(1, 'axes')?.map((axis) => axisOf(axis, x.length));
      return x.filter((size, axis) => !(axes === undefined || axes.length === 0 ? size === 1 : axes.includes(axis)));
    }
    case 'ReduceMean': {
      const axes = ints(1, 'axes')?.map((axis) => axisOf(axis, x.length));
      if (axes === undefined || axes.length === 0) return undefined;
      const kept = node.attributes.get('keepdims')?.int !== 0;
      return x.flatMap((size, axis) => (axes.includes(axis) ? (kept ? [1] : []) : [size]));
    }
    case 'Gemm': {
      const weights = find(node.inputs[1] ?? '');
      const turned = node.attributes.get('transB')?.int === 1;
      return weights && [x[0] ?? 0, (turned ? weights[0] : weights[1]) ?? 0];
    }
    case 'MatMul': {
      const weights = find(node.inputs[1] ?? '');
      return weights?.length === 2 ? [...x.slice(0, -1), weights[1] ?? 0] : undefined;
    }
    default:
      return grownShape(node, x, constants);
  }
}

function reshaped(x: readonly number[], sizes: readonly number[] | undefined): Shape {
  if (sizes === undefined) return undefined;
  const shape = sizes.map((size, axis) => (size === 0 ? (x[axis] ?? 0) : size));
  const open = shape.indexOf(-1);
  const count = elementCount(x);
  if (open >= 0) shape[open] = count / elementCount(shape.filter((_, axis) => axis !== open));
  return elementCount(shape) === count ? shape : undefined;
}
