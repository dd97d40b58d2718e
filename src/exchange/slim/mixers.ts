import type { ChannelGraph, ChannelValue, Mixer } from './channel-graph.ts';
import { isPadded, type Placed, type Walk, weightOf } from './read-channels.ts';

/** A convolution: new channels, or with a depthwise one the same ones. Undefined where its weights are not stored. */
export function addConvolution(placed: Placed, walk: Walk): ChannelValue | undefined {
  const { node, index, name } = placed;
  const kernel = weightOf(walk, node.inputs[1] ?? '');
  const [outputs = 0, perGroup = 0, ...sides] = kernel?.shape ?? [];
  const bias = biasOf(placed, walk, 2, outputs);
  const groups = node.attributes.get('group')?.int ?? 1;
  if (kernel === undefined || bias === 'unknown' || sides.length !== 2 || outputs % groups !== 0) return undefined;
  const from = walk.values.get(node.inputs[0] ?? '');
  if (from !== undefined && (from.channels !== groups * perGroup || from.block !== 1)) return undefined;
  const to = walk.graph.add(outputs);
  const taps = kernel.data.length / (outputs * perGroup);
  const mixer: Mixer = {
    node: index,
    name,
    from,
    to,
    groups,
    weights: Float32Array.from(kernel.data),
    taps,
    bias: bias?.data,
    padded: isPadded(node),
    biasInput: 2,
  };
  boundOutputs(walk.graph, mixer);
  const { parameters } = walk.graph;
  const axes = [{ axis: 0, value: to }];
  if (groups === 1 && from !== undefined) axes.push({ axis: 1, value: from });
  parameters.push({ node: index, input: 1, tensor: kernel, axes });
  if (bias !== undefined)
    parameters.push({ node: index, input: 2, tensor: bias.tensor, axes: [{ axis: 0, value: to }] });
  if (perGroup === 1 && groups > 1) {
    // Depthwise: the output of a channel belongs to it.
    const multiplier = outputs / groups;
    if (from === undefined) walk.graph.lock(to, `the input of "${name}" is not known`);
    else for (let o = 0; o < outputs; o++) walk.graph.tie(from.base + Math.floor(o / multiplier), to.base + o);
  }
  walk.graph.mixers.push(mixer);
  return to;
}

/** A dense layer on features. */
export function addDense(placed: Placed, walk: Walk): ChannelValue | undefined {
  const { node, index, name } = placed;
  const gemm = node.operator === 'Gemm';
  const flag = (attribute: string) => node.attributes.get(attribute)?.int === 1;
  const scaled = ['alpha', 'beta'].some((factor) => (node.attributes.get(factor)?.float ?? 1) !== 1);
  const from = walk.values.get(node.inputs[0] ?? '');
  const weights = weightOf(walk, node.inputs[1] ?? '');
  if (weights?.shape.length !== 2 || (gemm && (flag('transA') || scaled))) return undefined;
  const turned = gemm && flag('transB');
  const [rows = 0, columns = 0] = weights.shape;
  const [outputs, features] = turned ? [rows, columns] : [columns, rows];
  const bias = gemm ? biasOf(placed, walk, 2, outputs) : undefined;
  if (bias === 'unknown') return undefined;
  const rank = walk.shape(node.inputs[0] ?? '')?.length;
  if (rank !== 2 || (from !== undefined && from.channels * from.block !== features)) return undefined;
  const to = walk.graph.add(outputs);
  const ordered = new Float32Array(weights.data.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < features; i++) {
      ordered[o * features + i] = weights.data[turned ? o * features + i : i * outputs + o] ?? Number.NaN;
    }
  }
  const mixer: Mixer = {
    node: index,
    name,
    from,
    to,
    groups: 1,
    weights: ordered,
    taps: from?.block ?? 1,
    bias: bias?.data,
    padded: false,
    biasInput: gemm ? 2 : -1,
  };
  boundOutputs(walk.graph, mixer);
  const axes = [{ axis: turned ? 0 : 1, value: to }];
  if (from !== undefined) axes.push({ axis: turned ? 1 : 0, value: from });
  walk.graph.parameters.push({ node: index, input: 1, tensor: weights, axes });
  if (bias !== undefined) {
    const axis = bias.tensor.shape.length - 1;
    walk.graph.parameters.push({ node: index, input: 2, tensor: bias.tensor, axes: [{ axis, value: to }] });
  }
  walk.graph.mixers.push(mixer);
  return to;
}

function biasOf({ node }: Placed, walk: Walk, input: number, outputs: number) {
  const name = node.inputs[input] ?? '';
  if (name === '') return undefined;
  const tensor = weightOf(walk, name);
  // One number for all outputs of a Gemm, or a row for each image.
  if (tensor === undefined || tensor.data.length !== outputs || tensor.shape.at(-1) !== outputs) return 'unknown';
  return { tensor, data: Float32Array.from(tensor.data) };
}

/** Bounds of a mixer's output: known where nothing that depends on the image has a weight in it. */
function boundOutputs(graph: ChannelGraph, mixer: Mixer): void {
  const { to, bias, groups } = mixer;
  const perGroup = to.channels / groups;
  for (let o = 0; o < to.channels; o++) {
    let low = bias?.[o] ?? 0;
    let high = low;
    let differs = false;
    for (const channel of channelsOf(mixer, Math.floor(o / perGroup))) {
      const [least, most] = contribution(graph, mixer, channel, o);
      low += least;
      high += most;
      differs ||= least !== most;
      if (low === -Infinity || high === Infinity) break;
    }
    graph.bound(to.base + o, low, high);
    if (differs && low === high) graph.nearly.add(to.base + o);
  }
}

/**
 * Input channels of a group, counted from the first of the value; without a known input one after the other as well.
 */
function* channelsOf({ weights, taps, to, groups }: Mixer, group: number): Generator<number> {
  const perGroup = weights.length / (taps * to.channels);
  const first = groups === 1 ? 0 : group * perGroup;
  for (let channel = 0; channel < perGroup; channel++) yield first + channel;
}

/** Between which bounds an input channel adds to an output, with the places where taps lie in the padding. */
export function contribution(
  graph: ChannelGraph,
  { from, weights, taps, to, groups, padded }: Mixer,
  channel: number,
  output: number,
): readonly [number, number] {
  const perGroup = weights.length / (taps * to.channels);
  const start = (output * perGroup + (groups === 1 ? channel : channel % perGroup)) * taps;
  const [low, high] = from === undefined ? [-Infinity, Infinity] : graph.range(from.base + channel);
  let least = 0;
  let most = 0;
  for (let tap = start; tap < start + taps; tap++) {
    const weight = weights[tap] ?? Number.NaN;
    if (weight === 0) continue;
    const [a, b] = [weight * low, weight * high];
    least += padded ? Math.min(a, b, 0) : Math.min(a, b);
    most += padded ? Math.max(a, b, 0) : Math.max(a, b);
  }
  return [least, most];
}
