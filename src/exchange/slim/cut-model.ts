import type { OnnxModel } from '../../formats/onnx.ts';
import { editOnnx, type NewTensor } from '../../formats/onnx-edit.ts';
import type { ChannelGraph, ChannelValue, Mixer, Parameter } from './channel-graph.ts';
import { isDepthwise, type Removal } from './removable.ts';

/** The model without some of its channels, every other byte as it was. @throws FormatProblem */
export function cutModel(
  bytes: Uint8Array,
  model: OnnxModel,
  graph: ChannelGraph,
  { blocks, folds }: Removal,
): Uint8Array<ArrayBuffer> {
  const isKept = (channel: number) => !blocks.has(graph.block(channel));
  const names = new Names(model);
  const groups = new Map<number, number>();
  const done = new Set<string>();
  for (const mixer of graph.mixers) {
    const fold = folds.get(mixer);
    const kept = channelsKept(mixer.to, isKept);
    if (mixer.groups > 1) {
      const left = isDepthwise(mixer) ? keptGroups(mixer, kept) : mixer.groups;
      if (left !== mixer.groups) groups.set(mixer.node, left);
      if (!isDepthwise(mixer) && mixer.from !== undefined) {
        done.add(`${mixer.node} 1`);
        const cut = cutGrouped(graph, mixer, kept, isKept);
        if (cut !== undefined) names.place(mixer.node, 1, '', cut);
      }
    }
    if (fold?.some((value, o) => value !== 0 && isKept(mixer.to.base + o))) {
      const values = Float32Array.from(kept, (o) => (mixer.bias?.[o] ?? 0) + (fold[o] ?? 0));
      names.place(mixer.node, mixer.biasInput, `${mixer.name}.bias`, {
        shape: biasShape(graph, mixer, values),
        values,
      });
      done.add(`${mixer.node} ${mixer.biasInput}`);
    }
  }
  for (const parameter of graph.parameters) {
    if (done.has(`${parameter.node} ${parameter.input}`)) continue;
    const cut = cutParameter(parameter, isKept);
    if (cut !== undefined) names.place(parameter.node, parameter.input, '', cut);
  }
  return editOnnx(bytes, { ...names.changes(), groups });
}

function channelsKept({ base, channels }: ChannelValue, isKept: (channel: number) => boolean): readonly number[] {
  return Array.from({ length: channels }, (_, channel) => channel).filter((channel) => isKept(base + channel));
}

/** Of a depthwise convolution the channels that are left. */
function keptGroups({ to, groups }: Mixer, kept: readonly number[]): number {
  return kept.length / (to.channels / groups);
}

/** A dense layer's bias may have an axis of 1 in front. */
function biasShape({ parameters }: ChannelGraph, { node, biasInput }: Mixer, values: Float32Array): readonly number[] {
  const old = parameters.find((one) => one.node === node && one.input === biasInput);
  return [...(old?.tensor.shape.slice(0, -1) ?? []), values.length];
}

/** The kernel of a convolution in groups, each of which keeps others of its channels; undefined where it keeps all. */
function cutGrouped(
  { parameters }: ChannelGraph,
  { from, to, groups, weights, taps, node }: Mixer,
  kept: readonly number[],
  isKept: (channel: number) => boolean,
): NewTensor | undefined {
  const inputs = from === undefined ? [] : channelsKept(from, isKept);
  if (from === undefined || (kept.length === to.channels && inputs.length === from.channels)) return undefined;
  const inGroup = from.channels / groups;
  const outGroup = to.channels / groups;
  const rows = kept.map((o) => {
    const group = Math.floor(o / outGroup);
    const own = inputs.filter((channel) => Math.floor(channel / inGroup) === group);
    return own.flatMap((channel) => {
      const start = (o * inGroup + (channel % inGroup)) * taps;
      return [...weights.subarray(start, start + taps)];
    });
  });
  const sides = parameters.find((one) => one.node === node && one.input === 1)?.tensor.shape.slice(2) ?? [];
  return { shape: [kept.length, inputs.length / groups, ...sides], values: Float32Array.from(rows.flat()) };
}

/** The remaining part of a weight; undefined where all of it remains. */
function cutParameter({ tensor, axes }: Parameter, isKept: (channel: number) => boolean): NewTensor | undefined {
  let { shape } = tensor;
  let values: Float32Array = Float32Array.from(tensor.data);
  let cut = false;
  for (const { axis, value } of axes) {
    const kept = channelsKept(value, isKept);
    if (kept.length === value.channels) continue;
    cut = true;
    const { block } = value;
    const places = kept.flatMap((channel) => Array.from({ length: block }, (_, at) => channel * block + at));
    values = taken(values, shape, axis, places);
    shape = shape.map((size, at) => (at === axis ? places.length : size));
  }
  return cut ? { shape, values } : undefined;
}

/** Some places of an axis. */
function taken(values: Float32Array, shape: readonly number[], axis: number, places: readonly number[]): Float32Array {
  const size = shape[axis] ?? 1;
  const inner = shape.slice(axis + 1).reduce((count, one) => count * one, 1);
  const outer = values.length / (size * inner);
  const left = new Float32Array(outer * places.length * inner);
  let at = 0;
  for (let block = 0; block < outer; block++) {
    for (const place of places) {
      const start = (block * size + place) * inner;
      left.set(values.subarray(start, start + inner), at);
      at += inner;
    }
  }
  return left;
}

/** New weights under the names that the nodes know them by, or under new ones where several nodes share the old one. */
class Names {
  readonly #model: OnnxModel;
  readonly #inputs = new Map<number, string[]>();
  readonly #tensors = new Map<string, NewTensor>();
  readonly #taken: Set<string>;

  constructor(model: OnnxModel) {
    this.#model = model;
    const all = model.nodes.flatMap(({ inputs, outputs, captured }) => [...inputs, ...outputs, ...captured]);
    this.#taken = new Set([...all, ...model.tensors.keys()]);
  }

  /** Gives a node another weight; `fallback` names one where it had none. */
  place(node: number, input: number, fallback: string, tensor: NewTensor): void {
    const inputs = this.#inputs.get(node) ?? [...(this.#model.nodes[node]?.inputs ?? [])];
    this.#inputs.set(node, inputs);
    const old = inputs[input] ?? '';
    let name = old === '' ? fallback : old;
    // Several readers of one weight get one each.
    const shared = !this.#model.tensors.has(old) || this.#uses(old) > 1;
    while (shared && this.#taken.has(name)) name = `${name}.slim`;
    this.#taken.add(name);
    while (inputs.length < input) inputs.push('');
    inputs[input] = name;
    this.#tensors.set(name, tensor);
  }

  changes() {
    const { nodes, tensors, outputs } = this.#model;
    const inputsOf = (index: number) => this.#inputs.get(index) ?? nodes[index]?.inputs ?? [];
    const used = new Set(outputs.map(({ name }) => name));
    for (const [index, { captured }] of nodes.entries()) {
      for (const name of [...inputsOf(index), ...captured]) used.add(name);
    }
    // Only weights in use before: a model's spare weights are its own affair.
    const replaced = [...this.#inputs].flatMap(([index, now]) => {
      const before = nodes[index]?.inputs ?? [];
      return before.filter((name, at) => name !== '' && name !== now[at] && !used.has(name));
    });
    const gone = new Set(replaced);
    return {
      inputs: this.#inputs,
      tensors: this.#tensors,
      withoutTensors: new Set([...gone].filter((name) => tensors.has(name))),
      withoutNodes: new Set(
        [...nodes.keys()].filter((index) => {
          const made = nodes[index]?.outputs ?? [];
          return nodes[index]?.operator === 'Constant' && made.length > 0 && made.every((name) => gone.has(name));
        }),
      ),
    };
  }

  #uses(name: string): number {
    const { nodes, outputs } = this.#model;
    const found = nodes.reduce((sum, { inputs, captured }) => {
      return sum + [...inputs, ...captured].filter((one) => one === name).length;
    }, 0);
    return found + outputs.filter((output) => output.name === name).length;
  }
}
