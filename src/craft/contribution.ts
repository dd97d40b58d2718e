import { topQuarterMedian } from './activity.ts';
import type { KernelShape } from './filter-bank.ts';

/** A channel is unused while its contribution is below this share of the strong channels' (METHOD.md, "Used"). */
const UNUSED_BELOW = 0.05;

/** A layer that reads the first layer's channels. */
export interface Consumer {
  readonly kernel: Float32Array;
  /** HWIO, [k, k, filters, outputs]; a depthwise kernel is [k, k, filters, multiplier]. */
  readonly shape: KernelShape;
}

/** How much the layers behind the first one take of each of its channels. */
export interface ChannelUse {
  /** [filters], |gamma_f| * norm of all consumers' weights for channel f. */
  readonly contributions: Float32Array<ArrayBuffer>;
  /** [filters], 1 where the channel is unused. */
  readonly unused: Uint8Array<ArrayBuffer>;
  /** A channel is unused while its contribution is below this: 5 % of the median of the top quarter. */
  readonly threshold: number;
}

/**
 * The use of every channel of the first layer. `gamma` [filters] is the scale of the batch norm behind it, all ones where
 * there is none; `consumers` are all layers that read the channels, taken together as if they were one.
 *
 * A filter can be active and unused: weight decay empties the next layer's weights for a dying channel, too, and a
 * re-activation leaves those as they are. A channel without any contribution is unused at any threshold.
 * @throws RangeError where a consumer reads another number of channels, or its kernel has another size than its shape
 */
export function channelUse(gamma: Float32Array, consumers: readonly Consumer[]): ChannelUse {
  const filters = gamma.length;
  const squares = new Float64Array(filters);
  for (const { kernel, shape } of consumers) {
    const [height, width, channels, outputs] = shape;
    if (channels !== filters || kernel.length !== height * width * channels * outputs) {
      throw new RangeError(
        `A consumer of ${filters} channels needs a kernel [k, k, ${filters}, outputs], not [${shape}] of ${kernel.length} numbers.`,
      );
    }
    kernel.forEach((weight, i) => {
      const f = Math.floor(i / outputs) % filters;
      squares[f] = (squares[f] ?? 0) + weight * weight;
    });
  }
  return judgeUse(Float32Array.from(squares, (square, f) => Math.abs(gamma[f] ?? 0) * Math.sqrt(square)));
}

/** Which channels are unused, by their contributions [filters]. */
export function judgeUse(contributions: Float32Array<ArrayBuffer>): ChannelUse {
  const threshold = UNUSED_BELOW * topQuarterMedian(contributions);
  return {
    contributions,
    unused: Uint8Array.from(contributions, (value) => (value < threshold || value === 0 ? 1 : 0)),
    threshold,
  };
}
