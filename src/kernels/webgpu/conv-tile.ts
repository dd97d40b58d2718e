import type { Variant } from '../variants.ts';
import type { ConvolutionTile, GatherConvolution } from './gather-conv.ts';
import { tilesOf } from './gather-conv.ts';

/** Invocations below which a graphics card runs dry. */
const BUSY = 16_384;

/** Columns of a tile at most; twice as many where a stride of 2 is transposed, as each kernel column meets half of them. */
const WIDEST = 8;

/**
 * The outputs an invocation keeps in registers. Every weight it loads serves rows * columns of them, every source number
 * k * filters. Measured on SwiftShader (processor time, stages of iresnet10 and of the plain network): at stride 1, two
 * rows of 8 by 8 filters take three quarters of one row's time; at stride 2 they take as long and compile for longer. On
 * a graphics card 128 sums would leave few registers for anything else, so it gets 64, or 16 where those keep it idle.
 */
export function withTile(shape: Omit<GatherConvolution, 'tile'>, variant: Variant): GatherConvolution {
  const step = shape.transposed ? shape.stride : 1;
  if (variant === 'few') return { ...shape, tile: tileOf(shape, shape.transposed || shape.stride === 1 ? 16 : 8, 8) };
  const large = { ...shape, tile: tileOf(shape, 8 * step, 8) };
  return tilesOf(large).total >= BUSY ? large : { ...shape, tile: tileOf(shape, 4 * step, 4) };
}

function tileOf(shape: Omit<GatherConvolution, 'tile'>, pixels: number, filters: number): ConvolutionTile {
  const step = shape.transposed ? shape.stride : 1;
  const [rows, columns, channels] = shape.target;
  const width = step * evenPart(Math.ceil(columns / step), Math.min(WIDEST, pixels / step));
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
