import { Budget } from '../../formats/budget.ts';
import type { NamedTensor } from '../import/model-tensors.ts';
import { convolutionsByName } from '../import/named-tensors.ts';

/** How the tests read tensors of a file without a graph. */
export const BY_NAME = { budget: new Budget(1e7) } as const;

/** A tensor of float32 with numbers of its own. */
export function made(name: string, shape: readonly number[]): NamedTensor {
  const count = shape.reduce((product, size) => product * size, 1);
  return filled(
    name,
    shape,
    Array.from({ length: count }, (_, at) => Math.sin(at + 1)),
  );
}

/** One with these numbers. */
export function filled(name: string, shape: readonly number[], values: readonly number[]): NamedTensor {
  return { name, shape, type: 'F32', floats: () => Float32Array.from(values) };
}

/** A convolution behind the first layer. */
export const LATER = made('layer.conv.weight', [8, 16, 3, 3]);
/** A first layer and that one. */
export const NETWORK = [made('conv1.weight', [16, 3, 3, 3]), LATER];

/** The name of the first layer that is found in PyTorch's layout, and the doubt about it. */
export function entranceOf(list: readonly NamedTensor[], ordered: boolean) {
  const { convolutions, first, doubt } = convolutionsByName(list, { ...BY_NAME, layout: 'OIHW', ordered });
  return [convolutions[first]?.name, doubt];
}
