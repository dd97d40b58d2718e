import type { FoldedBatchNorm } from './activity.ts';
import type { KernelShape } from './filter-bank.ts';

/** The batch norm that follows a convolution; arrays are [filters]. */
export interface NamedBatchNorm extends FoldedBatchNorm {
  readonly name: string;
  /** Its shift and its running mean, where both were read; only a response needs them. */
  readonly centre?: { readonly beta: ArrayLike<number>; readonly movingMean: ArrayLike<number> };
}

/** The `centre` of a batch norm whose shift and mean may be missing; a shift that a file leaves out is 0. */
export function centreOf(
  filters: number,
  beta: ArrayLike<number> | undefined,
  movingMean: ArrayLike<number> | undefined,
): Pick<NamedBatchNorm, 'centre'> {
  const shift = beta ?? new Float32Array(filters);
  if (movingMean?.length !== filters || shift.length !== filters) return {};
  return { centre: { beta: shift, movingMean } };
}

/** A 2-D convolution of a model. */
export interface Convolution {
  /** From the file: to be shown as text only. */
  readonly name: string;
  /** [height, width, channels, filters]; a depthwise convolution has one channel. */
  readonly shape: KernelShape;
  /** The stored weight's name, where a graph names it apart from the layer. */
  readonly weight?: string;
  /** HWIO, row-major. */
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly batchNorm?: NamedBatchNorm;
  /** An operation behind it that scales each filter's result and is not folded in, by its name in the file. */
  readonly unreadNorm?: string;
  /** [filters], where it was read: it says whether a response is a finite number. */
  readonly bias?: ArrayLike<number>;
  /** Groups of channels, where the graph names them: a filter reads the channels of its group alone. */
  readonly groups?: number;
  /** Places of its result, height times width, where the graph gives the image size there. */
  readonly positions?: number;
}
