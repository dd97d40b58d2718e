import type { Convolution } from '../../craft/convolution.ts';

/** An image has no more channels than this. */
const MOST_COLOURS = 4;
/** Channels of blocks of 4 × 4 pixels. */
const MOST_MOVED = 48;
/** How far the sum of a blur's weights may be from 1: half precision and eight bits round each of them. */
const SUM_SLACK = 0.02;
/** The largest number in usual filters for edges; Laplace's of 5 × 5 has 24. */
const MOST_WHOLE = 24;
/** How far a weight may be from a whole number, as a share: half precision rounds it. */
const WHOLE_SLACK = 0.002;

/**
 * How a convolution that takes the image changes it by a fixed rule, in words; undefined where it may be a trained layer.
 * Fixed are a change of colours, pixels that are moved, and a filter that is the same for every channel, but for one of zeros:
 * training on colours never ends there.
 */
export function fixedFilter(convolution: Convolution): string | undefined {
  const [height, width, channels, filters] = convolution.shape;
  if (height * width === 1) {
    if (channels > MOST_COLOURS || filters > MOST_COLOURS || hasZeros(convolution)) return undefined;
    return `a 1 × 1 convolution to ${filters === 1 ? '1 colour' : `${filters} colours`}`;
  }
  if (movesPixels(convolution)) return 'a convolution that only moves pixels: each filter has one weight, which is 1';
  if (findsEdges(convolution)) return 'a fixed filter: its weights are small whole numbers, scaled, that sum to zero';
  const [bank, ...others] = banksByChannel(convolution);
  if (bank === undefined || bank.every((weight) => weight === 0)) return undefined;
  if (others.some((other) => other.some((weight, place) => weight !== bank[place]))) return undefined;
  const sum = bank.reduce((total, weight) => total + weight, 0);
  if (bank.length === height * width && bank.every((weight) => weight >= 0) && Math.abs(sum - 1) <= SUM_SLACK) {
    return 'a fixed blur: its weights are the same for every channel, not negative, and sum to 1';
  }
  // A single kernel may be a trained one.
  return others.length === 0 ? undefined : 'a fixed filter: its weights are the same for every channel';
}

/** Whether a filter is of zeros: no change of colours is, and a layer that was trained may have one. */
function hasZeros({ shape: [, , , filters], kernel }: Convolution): boolean {
  const zero = (filter: number) => kernel.every((weight, place) => place % filters !== filter || weight === 0);
  return Array.from({ length: filters }, (_, filter) => filter).some(zero);
}

/** As a space-to-depth that is written as a convolution: four pixels of three colours become twelve channels. */
function movesPixels({ shape: [, , , filters], kernel }: Convolution): boolean {
  if (filters > MOST_MOVED) return false;
  const ones = new Uint8Array(filters);
  for (const [place, weight] of kernel.entries()) {
    if (weight === 0) continue;
    const filter = place % filters;
    if (weight !== 1 || ones[filter] === 1) return false;
    ones[filter] = 1;
  }
  return ones.every((one) => one === 1);
}

/** As filters of Sobel, Scharr and Laplace do: training ends on no such numbers. */
function findsEdges({ shape: [height, width, channels, filters], kernel }: Convolution): boolean {
  if (channels > MOST_COLOURS || filters > MOST_COLOURS) return false;
  const count = height * width * channels;
  return Array.from({ length: filters }, (_, filter) => filter).every((filter) => {
    const weights = Array.from({ length: count }, (_, place) => kernel[place * filters + filter] ?? Number.NaN);
    const sizes = weights.map(Math.abs).filter((size) => size > 0);
    const unit = Math.min(...sizes);
    // Scharr's are 3 and 10.
    return [1, 2, 3].some((times) => {
      const numbers = weights.map((weight) => (weight * times) / unit);
      const whole = numbers.map(Math.round);
      return (
        sizes.length > 1 &&
        whole.reduce((sum, number) => sum + number, 0) === 0 &&
        whole.every((number, place) => {
          const slack = Math.abs((numbers[place] ?? Number.NaN) - number);
          return Math.abs(number) <= MOST_WHOLE && slack <= WHOLE_SLACK * Math.abs(number);
        })
      );
    });
  });
}

/** The weights for each channel of the image, where no filter mixes two channels; none where one does. */
function banksByChannel({ shape, kernel, groups }: Convolution): readonly (readonly number[])[] {
  const [height, width, channels, filters] = shape;
  const area = height * width;
  const weight = (place: number, channel: number, filter: number) =>
    kernel[(place * channels + channel) * filters + filter] ?? Number.NaN;
  const bank = (channel: number, first: number, count: number) =>
    Array.from({ length: area * count }, (_, at) => weight(Math.floor(at / count), channel, first + (at % count)));
  if (channels === 1) {
    // A depthwise kernel without a number of groups has a filter for each channel.
    const images = groups ?? filters;
    if (images > MOST_COLOURS || filters % images !== 0 || (images === 1 && filters > 1)) return [];
    const each = filters / images;
    return Array.from({ length: images }, (_, image) => bank(0, image * each, each));
  }
  if (channels !== filters || channels > MOST_COLOURS || (groups ?? 1) !== 1) return [];
  for (let channel = 0; channel < channels; channel++) {
    for (let filter = 0; filter < filters; filter++) {
      if (channel !== filter && bank(channel, filter, 1).some((one) => one !== 0)) return [];
    }
  }
  return Array.from({ length: channels }, (_, channel) => bank(channel, channel, 1));
}
