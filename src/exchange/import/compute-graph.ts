import type { ChannelUse } from '../../craft/contribution.ts';
import type { Convolution, NamedBatchNorm } from '../../craft/convolution.ts';
import type { Budget } from '../../formats/budget.ts';
import { ModelProblem, shown } from '../model-problem.ts';
import { apartDoubt, apartFrom } from './apart-entrances.ts';
import type { ChannelStep } from './channel-step.ts';
import { useOfChannels } from './channel-use.ts';
import { fixedFilter } from './fixed-filter.ts';
import { followingBatchNorm } from './following-batch-norm.ts';
import { consumersOf, topologicalOrder } from './graph-order.ts';
import { ImageJoins } from './image-joins.ts';
import { chargeConvolution, likelyFirst } from './model-tensors.ts';

/** Why a convolution of a graph cannot be read: "its kernel is computed by Loop". */
export interface Unreadable {
  readonly why: string;
}

/** The part an operation plays between the image and the first layer. */
export type Role =
  | { readonly kind: 'convolution'; readonly read: () => Convolution | Unreadable }
  | { readonly kind: 'batch-norm'; readonly read: () => NamedBatchNorm | undefined }
  /** Passes its first input on unchanged, but for a shift or a name. */
  | { readonly kind: 'same' }
  /** An input of the model that is an image. */
  | { readonly kind: 'source' }
  /** A weight, a constant or a shape: its result does not carry the image on. */
  | { readonly kind: 'apart' }
  /** Changes or moves numbers of the image by a fixed rule: arithmetic, padding, pooling, another order of axes. */
  | { readonly kind: 'fixed' }
  /** Mixes the image with weights, but is no 2-D convolution. */
  | { readonly kind: 'mixes' }
  /** Not known here: it may be the first layer. */
  | { readonly kind: 'unknown' };

/** An operation of a model's graph, as far as inspection cares. */
export interface ComputeNode {
  readonly name: string;
  /** As the format calls it: "com.microsoft.FusedConv". */
  readonly operator: string;
  /** Nodes whose results it takes, by index. */
  readonly inputs: readonly number[];
  /** Those of them that say where and how the others are read, as the grid of GridSample: they carry no image on. */
  readonly guides?: readonly number[];
  readonly role: Role;
  /** The axis of the channels in its result; 1 where it is left out. */
  readonly channelAxis?: number;
  /** Whether a function of its own, such as ReLU, acts on its result. */
  readonly activated?: boolean;
  /** The effect of a fixed operation on the channels, which are on an axis of the result that it takes; undefined where it is not known. */
  readonly step?: (axis: number, filters: number) => ChannelStep | undefined;
}

/** The convolutions of a graph. */
export interface GraphConvolutions {
  /** From input to output, with the batch norm that takes their result. */
  readonly convolutions: readonly Convolution[];
  readonly first: number;
  /** The node of the first one; -1 where there is none. */
  readonly firstNode: number;
  /** Later convolutions that cannot be read, by name. */
  readonly unread: readonly string[];
  /** Further convolutions that take the image, by name. */
  readonly alsoFirst: readonly string[];
  /** The convolutions between the image and the first layer that were not trained, in a sentence. */
  readonly passed?: string;
  /** Why the first layer may be another one, in a sentence. */
  readonly doubt?: string;
  /**
   * Of each convolution the use of its channels by those that read them; undefined where the graph does not show it.
   */
  readonly uses: readonly (ChannelUse | undefined)[];
}

/**
 * A graph's convolutions. The first layer is found by following the graph from its image to the operations that mix its
 * pixels. `budget` is charged for each.
 * @throws ModelProblem where the first layer is no 2-D convolution that can be read: no other is judged in its place
 */
export function convolutionsOf(nodes: readonly ComputeNode[], budget: Budget): GraphConvolutions {
  const order = topologicalOrder(nodes);
  const consumers = consumersOf(nodes);
  const hasSource = nodes.some(({ role }) => role.kind === 'source');
  const convolutions: Convolution[] = [];
  const unread: string[] = [];
  /** The convolutions by their nodes, and the other way round. */
  const byNode = new Map<number, Convolution>();
  const nodeOf: number[] = [];
  const found: Entrances = { readable: new Set(), fixed: new Map(), unreadable: [], others: [] };
  const joins = new ImageJoins(nodes);
  const imageless = withoutImage(nodes, order, hasSource);
  /** Nodes that say where the image is read. */
  const guiding = new Uint8Array(nodes.length);
  /** 1 where the image comes through; 2 where it has been mixed before. */
  const carries = new Uint8Array(nodes.length);
  /** The input that the image of a node comes from. */
  const sources = new Map<number, number>();
  for (const index of order) {
    const node = nodes[index];
    if (node === undefined || node.role.kind === 'apart') continue;
    const source = node.role.kind === 'source' || (!hasSource && node.inputs.length === 0);
    const carriers = node.inputs.filter((input) => node.guides?.includes(input) !== true);
    const state = carriers.reduce((most, input) => Math.max(most, carries[input] ?? 0), source ? 1 : 0);
    carries[index] = state;
    const from = source ? index : carriers.find((input) => carries[input] === 1);
    if (from !== undefined) sources.set(index, sources.get(from) ?? index);
    const { kind } = node.role;
    if ((kind === 'fixed' || kind === 'same' || kind === 'batch-norm') && joins.passes(index, carriers, carries)) {
      carries[index] = 1;
    }
    if (state === 1) markGuiding(node.guides ?? [], nodes, guiding);
    if (kind === 'mixes' || kind === 'unknown') {
      const takesImage = carriers.some((input) => carries[input] === 1);
      if (state === 1 || (kind === 'unknown' && takesImage)) found.others.push(index);
      if (state > 0) carries[index] = 2;
    }
    if (node.role.kind !== 'convolution') continue;
    joins.addTaker(index, carriers);
    const convolution = node.role.read();
    if ('why' in convolution) {
      if (state === 1) found.unreadable.push({ index, why: convolution.why });
      else unread.push(node.name);
      if (state > 0) carries[index] = 2;
      continue;
    }
    chargeConvolution(budget, convolution.shape);
    const fixed = state === 1 ? fixedFilter(convolution) : undefined;
    if (fixed !== undefined) found.fixed.set(index, fixed);
    else if (state === 1) found.readable.add(index);
    if (state > 0 && fixed === undefined) carries[index] = 2;
    if (carries[index] === 2) joins.addLayer(index, convolution.shape[3], state === 1);
    const whole = {
      ...convolution,
      ...followingBatchNorm(index, { nodes, consumers, imageless }, convolution.shape[3]),
    };
    convolutions.push(whole);
    byNode.set(index, whole);
    nodeOf.push(index);
  }
  const weighing = joins.weighing(order, consumers);
  const first = entranceOf(found, { nodes, guiding, weighing, convolutions, nodeOf });
  const taking = [...found.readable, ...found.unreadable.map(({ index }) => index), ...joins.takers.keys()];
  const alsoFirst = taking.flatMap((index) => (index === nodeOf[first] ? [] : (nodes[index]?.name ?? [])));
  const uses = nodeOf.map((node) => useOfChannels(node, nodes, consumers, byNode));
  const firstNode = nodeOf[first] ?? -1;
  const passed = passedOn(
    [...found.fixed].filter(([index]) => index !== firstNode && guiding[index] !== 1),
    nodes,
  );
  const ahead = [...found.readable].filter((index) => guiding[index] !== 1);
  const apart = apartFrom(firstNode, ahead, { nodes, consumers, sources, byNode });
  const doubt = [joinDoubt(joins, nodes), apartDoubt(apart, nodes)]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
  return {
    convolutions,
    first,
    firstNode,
    unread,
    alsoFirst,
    uses,
    ...(passed === undefined ? {} : { passed }),
    ...(doubt === '' ? {} : { doubt }),
  };
}

/** 1 for the nodes that no image comes to: weights, and arithmetic on them. */
function withoutImage(nodes: readonly ComputeNode[], order: readonly number[], hasSource: boolean): Uint8Array {
  const imageless = new Uint8Array(nodes.length);
  for (const index of order) {
    const { role, inputs } = nodes[index] ?? { role: { kind: 'source' }, inputs: [] };
    const source = role.kind === 'source' || (!hasSource && inputs.length === 0);
    if (role.kind === 'apart' || (!source && inputs.every((input) => imageless[input] === 1))) imageless[index] = 1;
  }
  return imageless;
}

/** Marks the nodes whose numbers guides follow from; of the shape of a result none are. */
function markGuiding(guides: readonly number[], nodes: readonly ComputeNode[], guiding: Uint8Array): void {
  const waiting = [...guides];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const node = nodes[index];
    if (node === undefined || node.role.kind === 'apart' || guiding[index] === 1) continue;
    guiding[index] = 1;
    waiting.push(...node.inputs);
  }
}

/** The first nodes on the paths from the image. */
interface Entrances {
  readonly readable: Set<number>;
  /** Convolutions that were not trained, with the words for it. */
  readonly fixed: Map<number, string>;
  readonly unreadable: { readonly index: number; readonly why: string }[];
  /** Those that are no convolutions; unknown ones also where they take results of other layers beside the image. */
  readonly others: number[];
}

interface Followed {
  readonly nodes: readonly ComputeNode[];
  /** 1 for a node that says where the image is read: no layer there is the first. */
  readonly guiding: Uint8Array;
  /** Whether a node serves the weights of an attention on the image alone. */
  readonly weighing: (index: number) => boolean;
  readonly convolutions: readonly Convolution[];
  /** The convolutions' nodes. */
  readonly nodeOf: readonly number[];
}

/** The place of the first layer among the convolutions. @throws ModelProblem */
function entranceOf(found: Entrances, { nodes, guiding, weighing, convolutions, nodeOf }: Followed): number {
  const ahead = (index: number | undefined) => index !== undefined && guiding[index] !== 1;
  const places = new Map(nodeOf.map((node, place) => [node, place]));
  const likely = (indices: readonly number[]) =>
    likelyFirst(
      convolutions,
      indices.flatMap((index) => places.get(index) ?? []),
    );
  const refused = found.unreadable.find(({ index }) => ahead(index));
  if (refused !== undefined) throw unreadable(nodes[refused.index], refused.why);
  const others = found.others.filter(ahead);
  const unknown = others.flatMap((index) => nodes[index] ?? []).find(({ role }) => role.kind === 'unknown');
  if (unknown !== undefined) throw notFirst(unknown);
  const readable = [...found.readable].filter(ahead);
  const behind = readable.filter((index) => !weighing(index));
  const goesOn = behind.length > 0 || others.some((index) => !weighing(index));
  if (goesOn) {
    // The image weighted by an attention is the image still.
    for (const index of readable.filter(weighing)) {
      found.readable.delete(index);
      found.fixed.set(index, 'an attention: its result weighs the image');
    }
  }
  const candidates = goesOn ? behind : readable;
  if (candidates.length > 0) return likely(candidates);
  const other = nodes[others.find((index) => !weighing(index)) ?? others[0] ?? -1];
  if (other !== undefined) throw notFirst(other);
  const [fixed] = [...found.fixed].filter(([index]) => ahead(index));
  if (fixed !== undefined) throw untrained(nodes[fixed[0]], fixed[1]);
  const guide = nodes[[...found.readable, ...found.fixed.keys()][0] ?? -1];
  if (guide !== undefined) {
    throw unreadable(guide, 'its result says where the image is read, and no convolution takes the image behind that');
  }
  if (convolutions.length === 0) return 0;
  throw new ModelProblem(
    'unreadable-entrance',
    "None of the convolutions takes the model's input, so that the first layer cannot be found.",
    'Export the model again, as ONNX.',
  );
}

function unreadable(node: ComputeNode | undefined, why: string): ModelProblem {
  return new ModelProblem(
    'unreadable-entrance',
    `The first convolution, "${shown(node?.name ?? '')}" (${shown(node?.operator ?? '')}), cannot be read: ${why}.`,
    'No other layer is judged in its place. Export the model again in float32, before it is optimised or quantised.',
  );
}

function untrained(node: ComputeNode | undefined, words: string): ModelProblem {
  return new ModelProblem(
    'unreadable-entrance',
    `The first layer cannot be found: "${shown(node?.name ?? '')}" is ${words}; no layer behind it takes the image.`,
    'Expected a network whose first layer is a 2-D convolution.',
  );
}

/** A layer that takes the image and is no convolution, or may be none. */
function notFirst({ name, operator, role }: ComputeNode): ModelProblem {
  return new ModelProblem(
    'unreadable-entrance',
    role.kind === 'mixes'
      ? `The first layer, "${shown(name)}", is ${shown(operator)} and no 2-D convolution.`
      : `The operator "${shown(operator)}" ("${shown(name)}") takes the image and is not known here, so that the first layer cannot be found.`,
    'No other layer is judged in its place. Expected a network whose first layer is a 2-D convolution.',
  );
}

/** A sentence on the convolutions that the image passes ahead of the first layer. */
function passedOn(fixed: readonly (readonly [number, string])[], nodes: readonly ComputeNode[]): string | undefined {
  if (fixed.length === 0) return undefined;
  const names = new Map<string, string[]>();
  for (const [index, words] of fixed) {
    names.set(words, [...(names.get(words) ?? []), `"${shown(nodes[index]?.name ?? '')}"`]);
  }
  const listed = [...names].map(([words, those]) => `${those.join(', ')} (${words})`);
  return `The image passes ${listed.join(' and ')} first, which ${fixed.length === 1 ? 'is' : 'are'} not judged.`;
}

/** A sentence on convolutions that take an image which results of layers were added to. */
function joinDoubt({ takers }: ImageJoins, nodes: readonly ComputeNode[]): string | undefined {
  const names = [...takers].flatMap(([index, doubtful]) => (doubtful ? `"${shown(nodes[index]?.name ?? '')}"` : []));
  const [one] = names;
  if (one === undefined) return undefined;
  const taking = names.length > 1 ? `${one} and ${names.length - 1} more take` : `${one} takes`;
  return `The first layer may be another one: ${taking} the image as well, joined with the result of a layer.`;
}
