import type { Budget } from '../../formats/budget.ts';
import type { OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import { shown } from '../model-problem.ts';
import type { Constant } from './constant.ts';
import { withChosenBranches } from './onnx-branches.ts';
import { OnnxConstants } from './onnx-constants.ts';

/** Values that an image has when it goes into a model: bytes as they are, or divided by 255. */
export type InputRange = '0-255' | '0-1';

/** Networks take images of about -1 to 1; some of about -2.6 to 2.6 (ImageNet), a few more. */
const LARGEST_VALUE = 12;
const SMALLEST_SPAN = 0.5;
const MOST_NODES = 16;
/** Means of colours from 0 to 255 lie between 80 and 175. */
const LEAST_MEAN = 40;
/** Values from 0 to 1 that become bytes are multiplied by one of these. */
const BYTES = [255, 256];
const SIZES = new Set(['Shape', 'Size']);

/** The normalisation in front of a model's first layer. */
export interface OnnxNormalisation {
  /** The values that the model wants; undefined where its graph does not show them. */
  readonly range: InputRange | undefined;
  /** Why they are not known, in a sentence, where something there may normalise. */
  readonly doubt?: string;
}

/**
 * The values that a model wants where it normalises them itself, by Sub, Mul, Div, Add or a batch norm in front of its
 * first layer, as MXNet's ArcFace does; undefined where it does not. InsightFace decides by the names of the first
 * nodes alone (python-package, arcface_onnx.py).
 */
export function normalisationOf(
  given: OnnxModel,
  input: string,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): OnnxNormalisation {
  const model = withChosenBranches(given, fileOf, budget);
  const constants = new OnnxConstants(model, fileOf, budget);
  let result = input;
  // y = factor * x + shift, for each of three channels.
  let factor = [1, 1, 1];
  let shift = [0, 0, 0];
  let mixing: OnnxNode | undefined;
  for (let steps = 0; steps < MOST_NODES; steps++) {
    // Its size says nothing of its values.
    const takers = model.nodes.filter(({ inputs, operator }) => inputs.includes(result) && !SIZES.has(operator));
    const [node] = takers;
    if (takers.length !== 1 || node === undefined || node.domain !== '') break;
    const turned = reordered(node, model, constants);
    const change = turned?.change ?? changeOf(node, result, constants);
    if (change === undefined) {
      if (mixesColours(node, result, constants)) mixing = node;
      break;
    }
    factor = factor.map((value, channel) => value * at(change.factor, channel));
    shift = shift.map((value, channel) => value * at(change.factor, channel) + at(change.shift, channel));
    const order = turned?.order ?? change.order;
    if (order !== undefined) {
      factor = order.map((channel) => factor[channel] ?? Number.NaN);
      shift = order.map((channel) => shift[channel] ?? Number.NaN);
    }
    result = turned?.result ?? node.outputs[0] ?? '';
  }
  const range = rangeOf(factor, shift);
  if (range !== undefined || mixing === undefined) return { range };
  const name = shown(mixing.name === '' ? (mixing.outputs[0] ?? '') : mixing.name);
  const doubt = `"${name}" mixes the colours of the image ahead of the other layers and may normalise them, so that the values that the model takes are not known.`;
  return { range, doubt };
}

/** The values of which factor · x + shift are those that networks take. */
function rangeOf(factor: readonly number[], shift: readonly number[]): InputRange | undefined {
  const fits = (span: number) =>
    factor.every((value, channel) => {
      const low = at(shift, channel);
      const high = span * value + low;
      return Math.abs(span * value) >= SMALLEST_SPAN && Math.max(Math.abs(low), Math.abs(high)) <= LARGEST_VALUE;
    });
  if (fits(255)) return '0-255';
  // A mean that is taken off says the span alone, as Caffe's networks do, which do not divide.
  const zeros = factor.map((value, channel) => -at(shift, channel) / value);
  if (zeros.every((zero) => zero >= LEAST_MEAN && zero <= 255 - LEAST_MEAN)) return '0-255';
  // Made bytes first, of which a mean is taken off or none is.
  const bytes = factor.every((value) => BYTES.some((by) => Math.abs(value - by) < SMALLEST_SPAN));
  if (bytes && zeros.every((zero) => zero >= 0 && zero <= 1 - LEAST_MEAN / 255)) return '0-1';
  // 0 to 1 is in the middle at a half; -1 to 1 at nothing, as it was before.
  const centred = factor.every(
    (value, channel) => Math.abs(value / 2 + at(shift, channel)) < Math.abs(at(shift, channel)),
  );
  return fits(1) && centred ? '0-1' : undefined;
}

/** The three channels apart and joined again in any order, each with a mean and a scale of its own perhaps; else undefined. */
function reordered(node: OnnxNode, model: OnnxModel, constants: OnnxConstants) {
  if (node.operator !== 'Split' || node.outputs.length !== 3) return undefined;
  const ends = node.outputs.map((output) => channelEnd(output, model, constants));
  const joined = model.nodes.find(
    ({ operator, inputs }) =>
      operator === 'Concat' && inputs.length === 3 && inputs.every((name) => ends.some((end) => end?.name === name)),
  );
  if (joined === undefined || ends.includes(undefined)) return undefined;
  const change: Change = {
    factor: ends.map((end) => end?.factor ?? Number.NaN),
    shift: ends.map((end) => end?.shift ?? Number.NaN),
  };
  return {
    change,
    order: joined.inputs.map((name) => ends.findIndex((end) => end?.name === name)),
    result: joined.outputs[0] ?? '',
  };
}

/** A single channel followed to where it is joined with others. */
function channelEnd(output: string, model: OnnxModel, constants: OnnxConstants) {
  let name = output;
  let factor = 1;
  let shift = 0;
  for (let steps = 0; steps < MOST_NODES; steps++) {
    const [node, ...others] = model.nodes.filter(({ inputs }) => inputs.includes(name));
    if (node === undefined || others.length > 0 || node.domain !== '') return undefined;
    if (node.operator === 'Concat') return { name, factor, shift };
    const change = changeOf(node, name, constants);
    if (change === undefined || change.factor.length > 1 || change.shift.length > 1) return undefined;
    factor *= at(change.factor, 0);
    shift = shift * at(change.factor, 0) + at(change.shift, 0);
    name = node.outputs[0] ?? '';
  }
  return undefined;
}

interface Change {
  readonly factor: readonly number[];
  readonly shift: readonly number[];
  /** The channels in their new order, by the places they had, where it is another. */
  readonly order?: readonly number[];
}

const SAME: Change = { factor: [1], shift: [0] };

/** The function of a node on every value of a channel; undefined where it does not normalise. */
function changeOf(node: OnnxNode, x: string, constants: OnnxConstants): Change | undefined {
  const place = node.inputs.indexOf(x);
  const other = () => perChannel(constants, node.inputs[1 - place] ?? '');
  switch (node.operator) {
    case 'Identity':
    case 'Cast':
    case 'Transpose':
    case 'Clip':
    case 'Dropout':
    case 'Round':
    case 'Floor':
    case 'Ceil':
      return SAME;
    // Another order of colours, a part, a frame or another size of the image, or fewer steps: its values stay.
    case 'Gather':
    case 'Slice':
    case 'Pad':
    case 'Resize':
    case 'Upsample':
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Flatten':
    case 'CastLike':
    case 'DepthToSpace':
    case 'SpaceToDepth':
      return place === 0 ? SAME : undefined;
    case 'QuantizeLinear':
    case 'DequantizeLinear':
      return place === 0 ? quantisation(node, constants) : undefined;
    case 'ImageScaler': {
      const scale = node.attributes.get('scale')?.float ?? 1;
      const bias = node.attributes.get('bias')?.floats ?? [];
      return { factor: [scale], shift: bias.length === 3 ? bias : [0] };
    }
    case 'Conv':
      return place === 0 ? scalingConvolution(node, constants) : undefined;
    case 'MatMul': {
      const matrix = place === 0 ? stored(constants, node.inputs[1] ?? '') : undefined;
      const square = matrix?.shape.join() === '3,3';
      return matrix && square ? scalingMatrix((to, from) => at(matrix.data, 3 * from + to), [0]) : undefined;
    }
    // Limits, as those of Clip.
    case 'Max':
    case 'Min':
      return node.inputs.length === 2 && other() !== undefined ? SAME : undefined;
    case 'Sum':
    case 'Add': {
      const value = node.inputs.length === 2 ? other() : undefined;
      return value && { factor: [1], shift: value };
    }
    case 'Sub': {
      const value = other();
      if (value === undefined) return undefined;
      return place === 0 ? { factor: [1], shift: value.map((one) => -one) } : { factor: [-1], shift: value };
    }
    case 'Mul': {
      const value = other();
      return value && { factor: value, shift: [0] };
    }
    case 'Div': {
      const value = place === 0 ? other() : undefined;
      return value && { factor: value.map((one) => 1 / one), shift: [0] };
    }
    case 'BatchNormalization':
      return batchNorm(node, constants);
    default:
      return undefined;
  }
}

function batchNorm(node: OnnxNode, constants: OnnxConstants): Change | undefined {
  const [, scale, bias, mean, variance] = node.inputs.map((name, place) =>
    place === 0 ? undefined : perChannel(constants, name),
  );
  if (scale === undefined || bias === undefined || mean === undefined || variance === undefined) return undefined;
  const epsilon = node.attributes.get('epsilon')?.float ?? 1e-5;
  const factor = scale.map((value, channel) => value / Math.sqrt(at(variance, channel) + epsilon));
  return { factor, shift: factor.map((value, channel) => at(bias, channel) - value * at(mean, channel)) };
}

/** x / scale, and back again; the steps between are small. */
function quantisation(node: OnnxNode, constants: OnnxConstants): Change | undefined {
  const scale = perChannel(constants, node.inputs[1] ?? '');
  const zero = node.inputs[2] ? perChannel(constants, node.inputs[2]) : [0];
  if (scale === undefined || zero === undefined || scale.length > 1 || zero.length > 1) return undefined;
  const [step, origin] = [at(scale, 0), at(zero, 0)];
  return node.operator === 'QuantizeLinear'
    ? { factor: [1 / step], shift: [origin] }
    : { factor: [step], shift: [-step * origin] };
}

/** A 1 × 1 convolution that multiplies each channel alone, perhaps in another order; undefined for one that mixes them, as a layer does. */
function scalingConvolution(node: OnnxNode, constants: OnnxConstants): Change | undefined {
  const kernel = stored(constants, node.inputs[1] ?? '');
  const [filters, channels, height, width] = kernel?.shape ?? [];
  if (kernel === undefined || filters !== 3 || height !== 1 || width !== 1) return undefined;
  const bias = node.inputs[2] ? perChannel(constants, node.inputs[2]) : [0];
  if (bias === undefined) return undefined;
  if (channels === 1) return { factor: [...kernel.data], shift: bias };
  return channels === 3 ? scalingMatrix((to, from) => at(kernel.data, 3 * to + from), bias) : undefined;
}

/** A product with a matrix that multiplies each of three channels alone, in any order; undefined for one that mixes them. */
function scalingMatrix(weight: (to: number, from: number) => number, bias: readonly number[]): Change | undefined {
  const places = [0, 1, 2];
  const sources = places.map((to) => places.filter((from) => weight(to, from) !== 0));
  const order = sources.flatMap((from) => (from.length === 1 ? from : []));
  if (new Set(order).size !== places.length) return undefined;
  // By the place that each channel had.
  const factor = places.map((from) => weight(order.indexOf(from), from));
  return { factor, shift: places.map((from) => at(bias, order.indexOf(from))), order };
}

/** Whether a node makes a few colours of all of them at each pixel, as from YUV to RGB or to grey. */
function mixesColours({ operator, domain, inputs }: OnnxNode, x: string, constants: OnnxConstants): boolean {
  if (domain !== '' || inputs[0] !== x) return false;
  const shape = constants.shape(inputs[1] ?? '') ?? [];
  const few = shape.every((size) => size >= 1 && size <= MOST_COLOURS);
  if (operator === 'Conv') return few && shape.length === 4 && shape[2] === 1 && shape[3] === 1;
  return operator === 'MatMul' && few && shape.length === 2;
}

const MOST_COLOURS = 4;

/** One number, or one for each of three channels; of a mean image its mean. */
function perChannel(constants: OnnxConstants, name: string): readonly number[] | undefined {
  const value = name === '' ? undefined : stored(constants, name);
  if (value === undefined) return undefined;
  const { shape, data } = value;
  if (data.length === 1 || data.length === 3) return [...data];
  const axis = shape.length - 3;
  const [channels = 0, last = 0] = [shape[axis], shape.at(-1)];
  const first = channels === 3;
  if (shape.length < 3 || shape.length > 4 || (shape.length === 4 && shape[0] !== 1) || !(first || last === 3))
    return undefined;
  const area = data.length / 3;
  return [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let place = 0; place < area; place++) sum += data[first ? channel * area + place : 3 * place + channel] ?? 0;
    return sum / area;
  });
}

function stored(constants: OnnxConstants, name: string): Constant | undefined {
  const value = constants.value(name);
  return 'why' in value ? undefined : value;
}

function at(values: ArrayLike<number>, channel: number): number {
  return values[values.length === 1 ? 0 : channel] ?? Number.NaN;
}
