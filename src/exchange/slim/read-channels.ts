import type { OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import { elementCount } from '../../formats/shape.ts';
import { PRODUCER } from '../export/onnx.ts';
import { axisOf, type Constant, wholeNumbers } from '../import/constant.ts';
import { type OnnxConstants, operatorOf } from '../import/onnx-constants.ts';
import { valueShapes } from '../import/onnx-shapes.ts';
import { shown } from '../model-problem.ts';
import { ChannelGraph, type ChannelValue } from './channel-graph.ts';
import { addConvolution, addDense } from './mixers.ts';
import { affineBounds, type Bounds, boundsBehind, combined, OPEN, pointwiseOf, preluBounds } from './pointwise.ts';

/** Batch norm's epsilon where a node names none. */
const EPSILON = 1e-5;
const BINARY = new Set(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min']);

/** The context that the handlers of operators need. */
export interface Walk {
  readonly graph: ChannelGraph;
  readonly values: Map<string, ChannelValue>;
  readonly constants: OnnxConstants;
  readonly shape: (name: string) => readonly number[] | undefined;
}

/** A node with its place in the graph and the name that messages give it. */
export interface Placed {
  readonly node: OnnxNode;
  readonly index: number;
  readonly name: string;
}

/**
 * Follows the channels of an ONNX graph from its image to its outputs. An unknown part is locked: it never makes
 * a channel look removable.
 */
export function readChannels(model: OnnxModel, constants: OnnxConstants): ChannelGraph {
  const graph = new ChannelGraph();
  const values = new Map<string, ChannelValue>();
  const { shapes } = valueShapes(model, constants);
  const walk: Walk = { graph, values, constants, shape: (name) => shapes.get(name) };
  for (const { name } of model.inputs) {
    const channels = shapes.get(name)?.[1];
    if (channels === undefined) continue;
    const value = graph.add(channels);
    graph.lock(value, "they are the model's input");
    if (isOwn(model, name))
      for (let channel = 0; channel < channels; channel++) graph.bound(value.base + channel, -1, 1);
    values.set(name, value);
  }
  const used = new Set([
    ...model.nodes.flatMap(({ inputs, captured }) => [...inputs, ...captured]),
    ...model.outputs.map(({ name }) => name),
  ]);
  used.delete('');
  for (const [index, node] of model.nodes.entries()) {
    const placed = { node, index, name: shown(node.name === '' ? `${node.operator} ${index}` : node.name) };
    // A second result, such as the places of a MaxPool, would have to change with the first.
    const single = node.outputs.every((output, at) => at === 0 || !used.has(output));
    const made = node.domain === '' && single ? handled(placed, walk) : undefined;
    if (made !== undefined) values.set(node.outputs[0] ?? '', made);
    const read = made === undefined ? [...node.inputs, ...node.captured] : node.captured;
    for (const name of read) lockValue(walk, name, `"${placed.name}" (${shown(operatorOf(node))}) reads them`);
  }
  for (const { name } of model.outputs) lockValue(walk, name, 'they are an output of the model');
  return graph;
}

/**
 * Whether our own exporter wrote the model: its images are (value / 255 - 0.5) / 0.5, as its metadata say. With a layer
 * put before the first convolution, as for bytes, they are others.
 */
function isOwn({ producer, metadata, nodes }: OnnxModel, input: string): boolean {
  const read = nodes.filter(({ inputs }) => inputs.includes(input));
  return producer === PRODUCER && metadata.has('preprocessing') && read.every(({ operator }) => operator === 'Conv');
}

function lockValue({ graph, values }: Walk, name: string, why: string): void {
  const value = values.get(name);
  if (value !== undefined) graph.lock(value, why);
}

/** The channels of a node's first result; undefined where the operator or one of its weights is not known. */
function handled(placed: Placed, walk: Walk): ChannelValue | undefined {
  const { node } = placed;
  const x = walk.values.get(node.inputs[0] ?? '');
  if (node.operator === 'Conv') return addConvolution(placed, walk);
  if (node.operator === 'Gemm' || node.operator === 'MatMul') return addDense(placed, walk);
  if (BINARY.has(node.operator)) return binary(placed, walk);
  if (x === undefined) return undefined;
  switch (node.operator) {
    case 'BatchNormalization':
      return batchNorm(placed, x, walk);
    case 'PRelu':
      return prelu(placed, x, walk);
    case 'Concat':
      return concat(placed, walk);
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'MaxPool':
      return follow(x, walk, (bounds) => bounds);
    case 'AveragePool': {
      // Zeros of the padding count.
      const counts = node.attributes.get('count_include_pad')?.int === 1 && isPadded(node);
      return follow(x, walk, counts ? withZero : (bounds) => bounds);
    }
    case 'ReduceMean':
      return overImage(placed, walk) ? follow(x, walk, (bounds) => bounds) : undefined;
    case 'Pad':
      return pad(placed, x, walk);
    case 'Flatten':
    case 'Reshape':
    case 'Squeeze':
      return flattened(placed, x, walk);
    default: {
      const limit = (input: number) => scalar(walk, node.inputs[input] ?? '');
      const [low, high] = [limit(1), limit(2)];
      const open = node.inputs.some((name, input) => input > 0 && name !== '' && limit(input) === undefined);
      const point = pointwiseOf(node, low, high);
      // Limits that are computed, and a Dropout that may be in training.
      if (point === undefined || open || (node.operator === 'Dropout' && node.inputs.length > 2)) return undefined;
      return follow(x, walk, (bounds) => boundsBehind(point, bounds));
    }
  }
}

/** Pads on the sides of an image, unless the node says otherwise. */
export function isPadded({ attributes }: OnnxNode): boolean {
  if (attributes.get('auto_pad')?.text?.startsWith('SAME')) return true;
  return (attributes.get('pads')?.ints ?? []).some((pad) => pad !== 0);
}

function withZero([low, high]: Bounds): Bounds {
  return [Math.min(0, low), Math.max(0, high)];
}

/** A result with the same channels. */
function follow(x: ChannelValue, { graph }: Walk, bounds: (before: Bounds, channel: number) => Bounds): ChannelValue {
  const result = graph.add(x.channels, x.block);
  for (let channel = 0; channel < x.channels; channel++) {
    graph.tie(x.base + channel, result.base + channel);
    graph.bound(result.base + channel, ...bounds(graph.range(x.base + channel), channel));
  }
  return result;
}

/** A stored float32 weight. */
export function weightOf({ constants }: Walk, name: string): Constant | undefined {
  if (name === '' || constants.shape(name) === undefined) return undefined;
  const value = constants.value(name);
  return 'why' in value || value.type !== 'F32' ? undefined : value;
}

function scalar({ constants }: Walk, name: string): number | undefined {
  if (name === '' || elementCount(constants.shape(name) ?? [0]) !== 1) return undefined;
  const value = constants.value(name);
  return 'why' in value ? undefined : value.data[0];
}

/** A weight of one number a channel, or a feature; cut on that axis. */
function perChannel(placed: Placed, input: number, x: ChannelValue, walk: Walk, rank: number): Constant | undefined {
  const tensor = weightOf(walk, placed.node.inputs[input] ?? '');
  if (tensor === undefined) return undefined;
  const count = x.channels * x.block;
  if (tensor.data.length === 1) return { ...tensor, data: new Float32Array(count).fill(tensor.data[0] ?? 0) };
  // The axis of channels, counted from the end; a batch norm's weights have this axis alone.
  const axis = tensor.shape.length - (rank - 1);
  if (tensor.data.length !== count || tensor.shape[axis] !== count) return undefined;
  walk.graph.parameters.push({ node: placed.index, input, tensor, axes: [{ axis, value: x }] });
  return tensor;
}

function batchNorm(placed: Placed, x: ChannelValue, walk: Walk): ChannelValue | undefined {
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((input) => perChannel(placed, input, x, walk, 2));
  if (scale === undefined || bias === undefined || mean === undefined || variance === undefined) return undefined;
  // In training mode it depends on the other images.
  if (placed.node.attributes.get('training_mode')?.int === 1) return undefined;
  const epsilon = placed.node.attributes.get('epsilon')?.float ?? EPSILON;
  return follow(x, walk, (bounds, channel) => {
    let whole: Bounds | undefined;
    for (let at = channel * x.block; at < (channel + 1) * x.block; at++) {
      const factor = (scale.data[at] ?? 0) / Math.sqrt((variance.data[at] ?? 0) + epsilon);
      const part = affineBounds(bounds, factor, (bias.data[at] ?? 0) - factor * (mean.data[at] ?? 0));
      whole = whole === undefined ? part : [Math.min(whole[0], part[0]), Math.max(whole[1], part[1])];
    }
    return whole ?? OPEN;
  });
}

function prelu(placed: Placed, x: ChannelValue, walk: Walk): ChannelValue | undefined {
  const slope = perChannel(placed, 1, x, walk, x.block === 1 ? rankOf(placed, walk) : 2);
  if (slope === undefined || x.block !== 1) return undefined;
  return follow(x, walk, (bounds, channel) => preluBounds(bounds, slope.data[channel] ?? Number.NaN));
}

function rankOf({ node }: Placed, { shape }: Walk): number {
  return shape(node.inputs[0] ?? '')?.length ?? 4;
}

function binary(placed: Placed, walk: Walk): ChannelValue | undefined {
  const { graph, values } = walk;
  const { inputs, operator } = placed.node;
  const [left, right] = [values.get(inputs[0] ?? ''), values.get(inputs[1] ?? '')];
  if (inputs.length !== 2) return undefined;
  if (left !== undefined && right !== undefined) {
    if (left.channels !== right.channels || left.block !== right.block) return undefined;
    // The channels of [1, C] meet the width of [1, C, H, W], not its channels.
    const [rank, other] = [inputs[0], inputs[1]].map((name) => walk.shape(name ?? '')?.length);
    if (rank === undefined || rank !== other) return undefined;
    const result = graph.add(left.channels, left.block);
    for (let channel = 0; channel < left.channels; channel++) {
      const [a, b] = [left.base + channel, right.base + channel];
      graph.bound(result.base + channel, ...combined(operator, graph.range(a), graph.range(b)));
      graph.tie(a, b);
      graph.tie(a, result.base + channel);
    }
    return result;
  }
  const x = left ?? right;
  if (x === undefined) return undefined;
  const input = left === undefined ? 0 : 1;
  const value = scalar(walk, inputs[input] ?? '');
  // A constant of more axes than the value would change the meaning of the channels.
  const rank = walk.shape(inputs[1 - input] ?? '')?.length;
  if (rank === undefined || (walk.constants.shape(inputs[input] ?? '')?.length ?? 9) > rank) return undefined;
  const numbers = value === undefined ? perChannel(placed, input, x, walk, rank) : undefined;
  if ((value === undefined && numbers === undefined) || x.block !== 1) return undefined;
  return follow(x, walk, (bounds, channel) => {
    const other = numbers?.data[channel] ?? value ?? Number.NaN;
    const constant: Bounds = [other, other];
    return input === 1 ? combined(operator, bounds, constant) : combined(operator, constant, bounds);
  });
}

function concat(placed: Placed, walk: Walk): ChannelValue | undefined {
  const { graph, values } = walk;
  const rank = rankOf(placed, walk);
  const parts = placed.node.inputs.map((name) => values.get(name));
  if (axisOf(placed.node.attributes.get('axis')?.int ?? 0, rank) !== 1) return undefined;
  const known = parts.flatMap((part) => part ?? []);
  if (known.length !== parts.length || known.some(({ block }) => block !== 1)) return undefined;
  const result = graph.add(known.reduce((sum, { channels }) => sum + channels, 0));
  let at = result.base;
  for (const { base, channels } of known) {
    for (let channel = 0; channel < channels; channel++) {
      graph.tie(base + channel, at + channel);
      graph.bound(at + channel, ...graph.range(base + channel));
    }
    at += channels;
  }
  return result;
}

/** Whether a mean is taken over height and width alone. */
function overImage({ node }: Placed, { constants, shape }: Walk): boolean {
  const rank = shape(node.inputs[0] ?? '')?.length ?? 4;
  const given = node.inputs[1] ? constants.value(node.inputs[1]) : undefined;
  const axes =
    given === undefined ? node.attributes.get('axes')?.ints : 'why' in given ? undefined : wholeNumbers(given);
  const places = axes?.map((axis) => axisOf(axis, rank)).toSorted();
  return rank === 4 && places?.join() === '2,3';
}

function pad(placed: Placed, x: ChannelValue, walk: Walk): ChannelValue | undefined {
  const { node } = placed;
  const given = node.inputs[1] ? walk.constants.value(node.inputs[1]) : undefined;
  const pads =
    given === undefined ? node.attributes.get('pads')?.ints : 'why' in given ? undefined : wholeNumbers(given);
  // Images and channels are not padded; with axes as an input it is not known which are.
  if (pads?.length !== 8 || (node.inputs[3] ?? '') !== '') return undefined;
  if ([0, 1, 4, 5].some((at) => pads[at] !== 0)) return undefined;
  if ((node.attributes.get('mode')?.text ?? 'constant') !== 'constant') return follow(x, walk, (bounds) => bounds);
  const fill = node.inputs[2] ? scalar(walk, node.inputs[2]) : (node.attributes.get('value')?.float ?? 0);
  if (fill === undefined) return undefined;
  return follow(x, walk, ([low, high]) => [Math.min(fill, low), Math.max(fill, high)]);
}

/** An image as a row of features, channel after channel. */
function flattened(placed: Placed, x: ChannelValue, walk: Walk): ChannelValue | undefined {
  const { node } = placed;
  const [images, channels, ...sides] = walk.shape(node.inputs[0] ?? '') ?? [];
  const after = walk.shape(node.outputs[0] ?? '');
  const area = elementCount(sides);
  if (images !== 1 || channels !== x.channels || x.block !== 1 || after?.length !== 2) return undefined;
  if (after[0] !== 1 || after[1] !== channels * area) return undefined;
  if (node.operator === 'Reshape') {
    // A size that names the number of features would have to change with them.
    const sizes = walk.constants.value(node.inputs[1] ?? '');
    if ('why' in sizes || wholeNumbers(sizes)[1] !== -1) return undefined;
  }
  const result = walk.graph.add(x.channels, area);
  for (let channel = 0; channel < x.channels; channel++) {
    walk.graph.tie(x.base + channel, result.base + channel);
    walk.graph.bound(result.base + channel, ...walk.graph.range(x.base + channel));
  }
  return result;
}
