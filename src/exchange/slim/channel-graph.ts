import { formatNumber } from '../../config/quantity.ts';
import type { Constant } from '../import/constant.ts';
import { ModelProblem } from '../model-problem.ts';

/** The deepest face networks have some 100,000; a damaged file may claim billions. */
const MOST_CHANNELS = 2 ** 20;

/** A value of a model's graph whose channels are followed. Channel c is number `base + c` of the ChannelGraph. */
export interface ChannelValue {
  readonly base: number;
  readonly channels: number;
  /** Numbers that a channel has in a row of features; 1 in an image. */
  readonly block: number;
}

/** A weight that is cut together with the channels it belongs to. */
export interface Parameter {
  readonly node: number;
  /** Which input of the node it is. */
  readonly input: number;
  readonly tensor: Constant;
  /** Axes of the weight that follow the channels of a value. */
  readonly axes: readonly { readonly axis: number; readonly value: ChannelValue }[];
}

/** An operation that mixes channels, and so ends the way of each: a convolution or a dense layer. */
export interface Mixer {
  readonly node: number;
  /** As messages name it. */
  readonly name: string;
  /** Undefined where its input is not known. */
  readonly from: ChannelValue | undefined;
  readonly to: ChannelValue;
  readonly groups: number;
  /** [outputs, channels of a group, taps]. */
  readonly weights: Float32Array;
  readonly taps: number;
  readonly bias: Float32Array | undefined;
  /** Whether some of its taps may lie in a padding of zeros. */
  readonly padded: boolean;
  /** The place of the bias among the node's inputs. */
  readonly biasInput: number;
}

/**
 * The channels of a graph: which of them are one and the same for all that reads them (`tie`), between which bounds
 * their numbers are for any finite image, and the channels that must not be cut, with the reason.
 */
export class ChannelGraph {
  readonly mixers: Mixer[] = [];
  readonly parameters: Parameter[] = [];
  /** Bounds of each channel's numbers; infinite where they depend on the image. */
  readonly low: number[] = [];
  readonly high: number[] = [];
  /** Channels that are constant but for differences below the last digit of a double. */
  readonly nearly = new Set<number>();
  readonly #parent: number[] = [];
  readonly #locks = new Map<number, string>();

  /** New channels; their bounds are open. @throws ModelProblem `too-large` */
  add(channels: number, block = 1): ChannelValue {
    const base = this.low.length;
    if (base + channels > MOST_CHANNELS) {
      const most = `The channels of its values are more than ${formatNumber(MOST_CHANNELS)} together`;
      throw new ModelProblem(
        'too-large',
        `${most}, which are not followed.`,
        'Export the network with an image as its input.',
      );
    }
    for (let channel = 0; channel < channels; channel++) {
      this.#parent.push(base + channel);
      this.low.push(-Infinity);
      this.high.push(Infinity);
    }
    return { base, channels, block };
  }

  /** Bounds of a channel; anything that is no number is open. */
  bound(channel: number, low: number, high: number): void {
    const known = Number.isFinite(low) && Number.isFinite(high) && low <= high;
    this.low[channel] = known ? low : -Infinity;
    this.high[channel] = known ? high : Infinity;
  }

  /** The bounds of a channel: [low, high]. */
  range(channel: number): readonly [number, number] {
    return [this.low[channel] ?? -Infinity, this.high[channel] ?? Infinity];
  }

  /** The value of a channel that is the same everywhere for every image. */
  constant(channel: number): number | undefined {
    const [low, high] = this.range(channel);
    return low === high ? low : undefined;
  }

  /** Two channels that can only be cut together. */
  tie(a: number, b: number): void {
    const [x, y] = [this.block(a), this.block(b)];
    if (x === y) return;
    const lock = this.#locks.get(x) ?? this.#locks.get(y);
    const [root, other] = [Math.min(x, y), Math.max(x, y)];
    this.#parent[other] = root;
    if (lock !== undefined) this.#locks.set(root, lock);
  }

  /** Every channel of a value, never to be cut; `why` ends a sentence: "Resize_4 reads them". */
  lock({ base, channels }: ChannelValue, why: string): void {
    for (let channel = base; channel < base + channels; channel++) this.lockChannel(channel, why);
  }

  lockChannel(channel: number, why: string): void {
    const root = this.block(channel);
    if (!this.#locks.has(root)) this.#locks.set(root, why);
  }

  /** Why a block of channels must not be cut. */
  lockOf(block: number): string | undefined {
    return this.#locks.get(this.block(block));
  }

  /** The block of channels that a channel belongs to, by the lowest of their numbers. */
  block(channel: number): number {
    let root = channel;
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root;
    for (let at = channel; at !== root; ) {
      const next = this.#parent[at] ?? root;
      this.#parent[at] = root;
      at = next;
    }
    return root;
  }
}
