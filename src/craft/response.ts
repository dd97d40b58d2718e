import type { KernelShape } from './filter-bank.ts';

/**
 * The batch norm and PReLU behind a convolution, in each of its channels, [3, filters]: scale, shift and slope. The
 * response to x, the sum of the convolution, is y = scale * x + shift where that is positive, else slope * y.
 */
export type Channels = Float32Array<ArrayBuffer>;

/** Batch norm with its running statistics, then PReLU; arrays are [filters]. */
export interface NormAndSlope {
  readonly gamma: ArrayLike<number>;
  readonly beta: ArrayLike<number>;
  readonly movingMean: ArrayLike<number>;
  readonly movingVariance: ArrayLike<number>;
  /** Of PReLU below zero. */
  readonly slope: ArrayLike<number>;
}

/** Folds the batch norm into a scale and a shift for each channel; `epsilon` is the batch norm's. */
export function channelsOf(parts: NormAndSlope, epsilon: number): Channels {
  const { gamma, beta, movingMean, movingVariance, slope } = parts;
  const filters = gamma.length;
  const channels = new Float32Array(3 * filters);
  for (let f = 0; f < filters; f++) {
    const scale = (gamma[f] ?? 0) / Math.sqrt((movingVariance[f] ?? 0) + epsilon);
    channels[f] = scale;
    channels[filters + f] = (beta[f] ?? 0) - (movingMean[f] ?? 0) * scale;
    channels[2 * filters + f] = slope[f] ?? 0;
  }
  return channels;
}

/** The chosen channels, [3, indices.length], in the order asked for. */
export function gatherChannels(channels: ArrayLike<number>, indices: readonly number[]): Channels {
  const filters = channels.length / 3;
  const gathered = new Float32Array(3 * indices.length);
  for (let row = 0; row < 3; row++) {
    indices.forEach((index, place) => {
      gathered[row * indices.length + place] = channels[row * filters + index] ?? 0;
    });
  }
  return gathered;
}

/** A picture as a network sees it: [size, size, 3], row-major, each value from -1 to 1. */
export interface SeenFace {
  readonly size: number;
  readonly values: Float32Array;
}

/** A face of bytes [size, size, 3] as the network's input: 0 becomes -1, 255 becomes 1 (kernels/faces-to-batch.ts). */
export function seenFace(bytes: Uint8Array, size: number): SeenFace {
  return { size, values: Float32Array.from(bytes, (byte) => (byte / 255 - 0.5) / 0.5) };
}

/** A first layer as far as its response needs it. */
export interface RespondingLayer {
  /** HWIO. */
  readonly kernel: Float32Array;
  readonly shape: KernelShape;
  /** [3, filters]. */
  readonly channels: ArrayLike<number>;
}

/** The response of every filter to a face. */
export interface ResponseMaps {
  /** Width and height of a map. */
  readonly side: number;
  /** [filters, side, side]. */
  readonly values: Float32Array<ArrayBuffer>;
}

/** Width of a map above which only every second, third, ... value is computed: a tile shows no more. */
const FINEST = 64;

/** The responses of a first layer as tiles show them: of a large face only every second, third, ... value. */
export function tileResponses(face: SeenFace, layer: RespondingLayer): ResponseMaps {
  return respond(face, layer, Math.ceil(face.size / FINEST));
}

/**
 * Convolution at every pixel with zeros around the picture, batch norm with its running statistics and PReLU of a first
 * layer. `every`: the maps hold each so many-th row and column of that, with the same numbers.
 * @throws RangeError where the kernel, the channels or the face have another size than the shape
 */
export function respond({ size, values }: SeenFace, layer: RespondingLayer, every = 1): ResponseMaps {
  const { kernel, shape, channels } = layer;
  const [height, width, colours, filters] = shape;
  const [top, left] = [(height - 1) >> 1, (width - 1) >> 1];
  const weights = height * width * colours;
  if (kernel.length !== weights * filters || channels.length !== 3 * filters || values.length !== size ** 2 * colours) {
    throw new RangeError(
      `A kernel [${shape}] responds to ${colours} colours and has 3 × ${filters} channel numbers, not ${values.length} values, ${kernel.length} weights and ${channels.length} numbers.`,
    );
  }
  const side = Math.ceil(size / every);
  const maps = new Float32Array(filters * side * side);
  const sums = new Float64Array(filters);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      sums.fill(0);
      for (let i = 0; i < height; i++) {
        const y = row * every + i - top;
        if (y < 0 || y >= size) continue;
        for (let j = 0; j < width; j++) {
          const x = column * every + j - left;
          if (x < 0 || x >= size) continue;
          for (let colour = 0; colour < colours; colour++) {
            const value = values[(y * size + x) * colours + colour] ?? 0;
            const first = ((i * width + j) * colours + colour) * filters;
            for (let f = 0; f < filters; f++) sums[f] = (sums[f] ?? 0) + value * (kernel[first + f] ?? 0);
          }
        }
      }
      for (let f = 0; f < filters; f++) {
        const y = (channels[f] ?? 0) * (sums[f] ?? 0) + (channels[filters + f] ?? 0);
        maps[(f * side + row) * side + column] = y > 0 ? y : y * (channels[2 * filters + f] ?? 0);
      }
    }
  }
  return { side, values: maps };
}
