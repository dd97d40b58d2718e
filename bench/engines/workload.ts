import type { Architecture } from '../../src/network/architecture.ts';
import type { Recipe } from '../../src/network/recipe.ts';

/** Where a tensor lies in the workload's numbers: float32, row-major. */
export interface Placed {
  readonly shape: readonly number[];
  readonly offset: number;
}

/**
 * One network with its first weights and one batch, the same numbers for every engine. Convolutions are [k, k, in, out],
 * dense layers [out, in] over features flattened channels last; images are [N, S, S, 3].
 */
export interface Workload {
  readonly name: string;
  readonly architecture: Architecture;
  readonly recipe: Recipe;
  readonly learningRate: number;
  readonly tensors: Readonly<Record<string, Placed>>;
  readonly trained: readonly string[];
  readonly images: Placed;
  readonly labels: readonly number[];
  /** 1e9 multiplications and additions of a step: every convolution and dense layer, forward and its two gradients. */
  readonly gflop: number;
}

/** A workload in memory. */
export interface LoadedWorkload {
  readonly workload: Workload;
  readonly numbers: Float32Array<ArrayBuffer>;
}

/** A copy of a tensor's numbers. */
export function valuesOf({ numbers }: LoadedWorkload, { shape, offset }: Placed): Float32Array<ArrayBuffer> {
  return numbers.slice(offset, shape.reduce((product, size) => product * size, 1) + offset);
}

/** The tensor of this name; throws where the workload has none. */
export function placedOf({ workload }: LoadedWorkload, name: string): Placed {
  const placed = workload.tensors[name];
  if (placed === undefined) throw new Error(`The workload ${workload.name} has no tensor "${name}".`);
  return placed;
}
