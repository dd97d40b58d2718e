import type { FoldedBatchNorm } from './activity.ts';
import type { KernelShape } from './filter-bank.ts';

/** The batch norm that follows a convolution; arrays are [filters]. */
export interface NamedBatchNorm extends FoldedBatchNorm {
  readonly name: string;
}

/** A 2-D convolution of a model. */
export interface Convolution {
  /** From the file: to be shown as text only. */
  readonly name: string;
  /** [height, width, channels, filters]; a depthwise convolution has one channel. */
  readonly shape: KernelShape;
  /** HWIO, row-major. */
  readonly kernel: Float32Array<ArrayBuffer>;
  readonly batchNorm?: NamedBatchNorm;
  /** Groups of channels, where the graph names them: a filter reads the channels of its group alone. */
  readonly groups?: number;
  /** Places of its result, height times width, where the graph tells the size of the image there. */
  readonly positions?: number;
}
