import type { Tensor } from '@tensorflow/tfjs-core';
import { runKernelForAll, tensorAt } from './run-kernel.ts';

/** A moving value and the newest observation of it, of one shape. */
export interface MovingValue {
  readonly moving: Tensor;
  readonly observed: Tensor;
  /** The observation is multiplied by this first: M / (M - 1) for a variance that is to be unbiased. */
  readonly factor: number;
}

/** moving + rate * (factor * observed - moving), for all in one kernel, in order; may share storage with the old ones. */
export function movingAverage(values: readonly MovingValue[], rate: number): readonly Tensor[] {
  const inputs = Object.fromEntries(
    values.flatMap(({ moving, observed }, index) => [
      [`a${index}`, moving],
      [`b${index}`, observed],
    ]),
  );
  const outputs = runKernelForAll('MovingAverage', inputs, { rate, factors: values.map(({ factor }) => factor) });
  return values.map((_, index) => tensorAt(outputs, index));
}
