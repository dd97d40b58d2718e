import type { ChannelGraph, Mixer } from './channel-graph.ts';
import { contribution } from './mixers.ts';

/** The channels that can be cut from a graph without another answer. */
export interface Removal {
  /** Blocks of channels, by the lowest number of each. */
  readonly blocks: ReadonlySet<number>;
  /** Those that pass on a little, too small for float32 to add to the sum that takes it. */
  readonly belowFloat32: ReadonlySet<number>;
  /** The constants that the bias of each mixer takes over, [outputs]. */
  readonly folds: ReadonlyMap<Mixer, Float64Array>;
  /** Why a block with a constant response stays; ends a sentence about its channels. */
  readonly kept: ReadonlyMap<number, string>;
}

/** A place where a block of channels is read. */
interface Reading {
  readonly mixer: Mixer;
  /** Counted from the first channel that the mixer reads. */
  readonly channel: number;
}

/**
 * Finds the blocks of channels that contribute nothing: nobody reads them, or their output is the same for every
 * image and every place, so that a bias can take it over, or it is too small to change that bias in float32. Everything
 * is proved from the weights alone. `allowed` says which blocks may be cut at all.
 */
export function removableChannels(graph: ChannelGraph, allowed: (block: number) => boolean = () => true): Removal {
  const forbidden = new Map<number, string>();
  for (;;) {
    const removal = new Search(graph, allowed, forbidden).run();
    const refused = violations(graph, removal);
    if (refused.size === 0) return removal;
    for (const [block, why] of refused) forbidden.set(block, why);
  }
}

/** Why blocks stay that were not allowed to go. */
export const NOT_ASKED = 'they were not asked for';

class Search {
  readonly #graph: ChannelGraph;
  readonly #allowed: (block: number) => boolean;
  readonly #forbidden: ReadonlyMap<number, string>;
  readonly #blocks = new Set<number>();
  readonly #below = new Set<number>();
  readonly #nearly: ReadonlySet<number>;
  readonly #kept = new Map<number, string>();
  readonly #folds = new Map<Mixer, Float64Array>();
  /** The largest sum left out of each output. */
  readonly #slack = new Map<Mixer, Float64Array>();

  constructor(graph: ChannelGraph, allowed: (block: number) => boolean, forbidden: ReadonlyMap<number, string>) {
    this.#graph = graph;
    this.#allowed = allowed;
    this.#forbidden = forbidden;
    this.#nearly = new Set([...graph.nearly].map((channel) => graph.block(channel)));
    for (const mixer of graph.mixers) {
      this.#folds.set(mixer, new Float64Array(mixer.to.channels));
      this.#slack.set(mixer, new Float64Array(mixer.to.channels));
    }
  }

  run(): Removal {
    const readings = readingsOf(this.#graph);
    const waiting = new Set<number>();
    for (let channel = 0; channel < this.#graph.low.length; channel++) waiting.add(this.#graph.block(channel));
    // A channel that only channels without use have read has none either: until nothing is found any more.
    for (let found = true; found; ) {
      found = false;
      for (const block of waiting) {
        const why = this.#whyKept(block, readings.get(block) ?? []);
        if (why !== undefined) {
          this.#kept.set(block, why);
          continue;
        }
        this.#kept.delete(block);
        this.#blocks.add(block);
        waiting.delete(block);
        found = true;
      }
    }
    return { blocks: this.#blocks, belowFloat32: this.#below, folds: this.#folds, kept: this.#kept };
  }

  /** Cuts a block, or says why it stays. */
  #whyKept(block: number, readings: readonly Reading[]): string | undefined {
    const lock = this.#graph.lockOf(block) ?? this.#forbidden.get(block);
    if (lock !== undefined) return lock;
    if (!this.#allowed(block)) return NOT_ASKED;
    const folded: (() => void)[] = [];
    // Several of its channels may be read by one mixer.
    const slacks = new Map<Mixer, Float64Array>();
    const slackOf = (mixer: Mixer) => {
      const known = slacks.get(mixer) ?? Float64Array.from(this.#slack.get(mixer) ?? []);
      slacks.set(mixer, known);
      return known;
    };
    let below = false;
    for (const { mixer, channel } of readings) {
      const value = this.#graph.constant((mixer.from?.base ?? 0) + channel);
      const perGroup = mixer.to.channels / mixer.groups;
      const inGroup = mixer.weights.length / (mixer.taps * mixer.to.channels);
      const first = mixer.groups === 1 ? 0 : Math.floor(channel / inGroup) * perGroup;
      for (let o = first; o < first + perGroup; o++) {
        if (this.#blocks.has(this.#graph.block(mixer.to.base + o))) continue;
        const [low, high] = contribution(this.#graph, mixer, channel, o);
        if (low === 0 && high === 0) continue;
        if (value !== undefined && low === high && mixer.biasInput >= 0) {
          folded.push(() => add(this.#folds.get(mixer), o, low));
          continue;
        }
        const most = Math.max(-low, high);
        const slack = slackOf(mixer)[o] ?? 0;
        const base = (mixer.bias?.[o] ?? 0) + (this.#folds.get(mixer)?.[o] ?? 0);
        if (!leavesAlone(base, slack + most)) return this.#reason(mixer, value, most);
        below = true;
        add(slackOf(mixer), o, most);
        folded.push(() => add(this.#slack.get(mixer), o, most));
      }
    }
    for (const fold of folded) fold();
    if (below || (folded.length > 0 && this.#nearly.has(block))) this.#below.add(block);
    return undefined;
  }

  #reason(mixer: Mixer, value: number | undefined, most: number): string {
    if (!Number.isFinite(most)) return `the input of "${mixer.name}" from them depends on the image`;
    if (value === undefined || !mixer.padded) {
      return mixer.biasInput < 0
        ? `"${mixer.name}" has no bias that could take over their output`
        : `"${mixer.name}" reads numbers up to ${most.toPrecision(1)} from them, which a float32 sum can notice`;
    }
    return `they pass on ${value.toPrecision(2)} everywhere, and the padding of "${mixer.name}" would lack it at the border`;
  }
}

/** Whether adding a number of at most that size changes nothing in float32. */
function leavesAlone(base: number, most: number): boolean {
  const rounded = Math.fround(base);
  return Math.fround(rounded + most) === rounded && Math.fround(rounded - most) === rounded;
}

function add(sums: Float64Array | undefined, place: number, value: number): void {
  if (sums !== undefined) sums[place] = (sums[place] ?? 0) + value;
}

export function isDepthwise({ weights, taps, to, groups }: Mixer): boolean {
  return groups > 1 && weights.length === taps * to.channels;
}

/**
 * By block the places where it is read. A depthwise convolution reads nothing of its own: it belongs to the channel.
 */
function readingsOf(graph: ChannelGraph): ReadonlyMap<number, readonly Reading[]> {
  const readings = new Map<number, Reading[]>();
  for (const mixer of graph.mixers) {
    if (mixer.from === undefined || isDepthwise(mixer)) continue;
    for (let channel = 0; channel < mixer.from.channels; channel++) {
      const block = graph.block(mixer.from.base + channel);
      const known = readings.get(block);
      if (known === undefined) readings.set(block, [{ mixer, channel }]);
      else known.push({ mixer, channel });
    }
  }
  return readings;
}

/** Blocks that have to stay although nothing reads them: the last of a layer, and the odd ones of groups. */
function violations(graph: ChannelGraph, { blocks }: Removal): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const isCut = (channel: number) => blocks.has(graph.block(channel));
  for (const { to, from, groups, name, ...mixer } of graph.mixers) {
    for (const value of from === undefined ? [to] : [to, from]) {
      const all = Array.from({ length: value.channels }, (_, channel) => value.base + channel);
      if (all.every(isCut)) {
        const [first = 0] = all;
        found.set(graph.block(first), `"${name}" needs at least one channel`);
      }
      if (groups === 1 || isDepthwise({ to, from, groups, name, ...mixer })) continue;
      const size = value.channels / groups;
      const cut = Array.from({ length: groups }, (_, group) =>
        all.slice(group * size, (group + 1) * size).filter(isCut),
      );
      const least = Math.min(...cut.map(({ length }) => length));
      for (const channel of cut.flatMap((group) => group.slice(least))) {
        found.set(graph.block(channel), `the groups of "${name}" have to stay of one size`);
      }
    }
  }
  return found;
}
