import { isChannelwise } from './channel-use.ts';
import type { ComputeNode } from './compute-graph.ts';

/** An image has no more channels than this: a result of as many may be an image, or weigh one. */
const MOST_COLOURS = 4;
/** Multiplications in the words of every format: "Mul", "Multiply", "broadcast_mul". */
const PRODUCT = /^(\w+\.)*(broadcast_|elemwise_|_|qlinear)?mul(tiply|v2)?$/i;
const CONCATENATION = /concat/i;
/** Arithmetic with a constant, which keeps channels apart as well. */
const ARITHMETIC = /^(\w+\.)*_?(add|sub(tract)?|rsub|mul(tiply)?|(real)?div(ide)?|minus|plus|neg|maximum|minimum)/i;

/**
 * Results of layers that meet the image on its way. Where they weigh it, as an attention does, it is the image still;
 * where they are added to it or put beside it, the convolution behind takes it too.
 */
export class ImageJoins {
  readonly #nodes: readonly ComputeNode[];
  /** Of results of layers the channels, where they are known. */
  readonly #channels = new Map<number, number>();
  /** Results of one convolution of the image with one filter. */
  readonly #single = new Set<number>();
  /** 1 for a node that the weights of an attention follow from. */
  readonly #weighing: Uint8Array;
  /** The products of the image with such weights. */
  readonly #products = new Set<number>();
  /** Results that hold the image beside those of layers; true where it may be an image as a whole. */
  readonly #beside = new Map<number, boolean>();
  /** Convolutions that take such a result. */
  readonly #takers = new Map<number, boolean>();

  constructor(nodes: readonly ComputeNode[]) {
    this.#nodes = nodes;
    this.#weighing = new Uint8Array(nodes.length);
  }

  /** Notes a convolution that was read; `first` where it takes the image. */
  addLayer(index: number, filters: number, first: boolean): void {
    this.#channels.set(index, filters);
    if (first && filters === 1) this.#single.add(index);
  }

  /** Notes a convolution that takes results of layers, for those that hold the image as well. */
  addTaker(index: number, inputs: readonly number[]): void {
    const found = this.#besideOf(inputs);
    if (found !== undefined) this.#takers.set(index, found);
  }

  /**
   * Whether the result of a node that mixes nothing is the image still, though results of layers come in. `carries` is 1
   * for a node whose result is the image, 2 for one behind a layer.
   */
  passes(index: number, inputs: readonly number[], carries: Uint8Array): boolean {
    const node = this.#nodes[index];
    const layers = inputs.filter((input) => carries[input] === 2);
    if (node === undefined || layers.length === 0) return false;
    const channels = this.#channelsOf(layers);
    const single = layers.every((input) => this.#single.has(input));
    if (inputs.some((input) => carries[input] === 1)) {
      const few = channels !== undefined && channels <= MOST_COLOURS;
      if (single || (few && PRODUCT.test(node.operator))) {
        this.#markWeighing(layers, carries);
        this.#products.add(index);
        return true;
      }
      if (CONCATENATION.test(node.operator)) this.#beside.set(index, few);
      // Other operations keep the channels of the larger: many are those of a layer.
      else if (few || channels === undefined) this.#beside.set(index, true);
    } else if (single) this.#single.add(index);
    const before = this.#besideOf(inputs);
    if (before !== undefined) this.#beside.set(index, before || this.#beside.get(index) === true);
    const keeps = inputs.length > 1 || isChannelwise(node) || ARITHMETIC.test(node.operator);
    if (channels !== undefined && keeps) this.#channels.set(index, channels);
    return false;
  }

  /** Whether a node serves the weights of an attention alone. `consumers` are those of each node, `order` leads from the image. */
  weighing(order: readonly number[], consumers: readonly (readonly number[])[]): (index: number) => boolean {
    const alone = new Uint8Array(this.#nodes.length);
    for (const index of order.toReversed()) {
      const takers = (consumers[index] ?? []).filter((taker) => this.#nodes[taker]?.role.kind !== 'apart');
      const ends = takers.every((taker) => this.#products.has(taker) || alone[taker] === 1);
      if (this.#weighing[index] === 1 && ends) alone[index] = 1;
    }
    return (index) => alone[index] === 1;
  }

  /** Convolutions that take the image beside results of layers, with whether they may be the first layer. */
  get takers(): ReadonlyMap<number, boolean> {
    return this.#takers;
  }

  #channelsOf(layers: readonly number[]): number | undefined {
    const known = layers.map((layer) => this.#channels.get(layer) ?? Number.NaN);
    const most = Math.max(...known);
    return Number.isNaN(most) ? undefined : most;
  }

  #besideOf(inputs: readonly number[]): boolean | undefined {
    const found = inputs.flatMap((input) => this.#beside.get(input) ?? []);
    return found.length === 0 ? undefined : found.includes(true);
  }

  #markWeighing(layers: readonly number[], carries: Uint8Array): void {
    const waiting = [...layers];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (carries[index] !== 2 || this.#weighing[index] === 1) continue;
      this.#weighing[index] = 1;
      waiting.push(...(this.#nodes[index]?.inputs ?? []));
    }
  }
}
