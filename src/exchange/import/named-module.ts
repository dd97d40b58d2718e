import type { NamedTensor } from './model-tensors.ts';

/** A layer of a model, by its names: "conv1" of "conv1.weight" and "conv1.bias". */
export interface Module {
  readonly name: string;
  /** By the last part of their names. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Names of a batch norm's variance. */
export const VARIANCES = ['running_var', 'moving_variance', 'var', 'variance', '_variance'];

export function parentOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
}

/** The channels that a batch norm scales; undefined of any other layer. */
export function statisticsLength({ tensors }: Module): number | undefined {
  return VARIANCES.flatMap((leaf) => tensors.get(leaf)?.shape ?? [])[0];
}

export function isBatchNorm({ tensors }: Module): boolean {
  return VARIANCES.some((leaf) => tensors.has(leaf));
}

/** A PReLU: behind it a batch norm does not scale the convolution's own result. */
export function isActivation({ tensors }: Module): boolean {
  return tensors.size === 1 && tensors.get('weight')?.shape.length === 1;
}

/** face-api's "scale" layers: a factor and a shift, the statistics already worked in. */
export function isScale({ name, tensors }: Module): boolean {
  return /(^|\/)scale$/.test(name) && tensors.has('weights');
}
