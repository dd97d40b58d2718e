import type { ConvolutionTile, GatherConvolution } from './gather-conv.ts';
import { tilesOf } from './gather-conv.ts';

/** Invocations below which a graphics card runs dry. */
const BUSY = 16_384;

/**
 * The outputs an invocation keeps in registers. Every weight it loads serves rows * columns outputs (in a transposed
 * convolution of stride 2 only half of the columns), every source number k * filters of them: measured on SwiftShader,
 * 8 columns by 8 filters, and 16 by 8 when transposed, are within noise of the best of ten shapes at four layers.
 */
export function withTile(shape: Omit<GatherConvolution, 'tile'>, software: boolean): GatherConvolution {
  const step = shape.transposed ? shape.stride : 1;
  const large = { ...shape, tile: tileOf(shape, 8 * step, 8) };
  if (software || tilesOf(large).total >= BUSY) return large;
  return { ...shape, tile: tileOf(shape, 4 * step, 4) };
}

function tileOf(shape: Omit<GatherConvolution, 'tile'>, pixels: number, filters: number): ConvolutionTile {
  const step = shape.transposed ? shape.stride : 1;
  const [rows, columns, channels] = shape.target;
  const width = step * evenPart(Math.ceil(columns / step), pixels / step);
  return {
    columns: width,
    rows: evenPart(Math.ceil(rows / step), Math.max(1, Math.floor(pixels / width))),
    filters: 4 * evenPart(Math.ceil(channels / 4), filters / 4),
  };
}

/** The size of parts of at most `most`, where `whole` is cut into as few as that takes, all about as large. */
export function evenPart(whole: number, most: number): number {
  return Math.ceil(whole / Math.ceil(whole / most));
}
