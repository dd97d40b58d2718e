import { elementCount } from '../../formats/shape.ts';
import type { NamedTensor } from './model-tensors.ts';

/** Kernels are hardly ever wider than this, channels hardly ever fewer. */
const WIDEST_WINDOW = 11;

/**
 * Whether kernels are stored as [filters, height, width, channels], as Apple's MLX has them: by the shapes of all of them,
 * since windows are square and small.
 */
export function areChannelsLast(tensors: readonly NamedTensor[]): boolean {
  let votes = 0;
  for (const { shape, name } of tensors) {
    const [a = 0, b = 0, c = 0, d = 0] = shape;
    if (shape.length !== 4 || !/(^|[./])weight$/.test(name)) continue;
    if (b === c && b <= WIDEST_WINDOW && a > WIDEST_WINDOW && (d > WIDEST_WINDOW || (d === 1 && b > 1))) votes++;
    else if (c === d && c <= WIDEST_WINDOW && b !== c) votes--;
    else if (a === b && a <= WIDEST_WINDOW) votes--;
  }
  return votes > 0;
}

/** Such a kernel in PyTorch's order; any other tensor as it is. */
export function fromChannelsLast(tensor: NamedTensor): NamedTensor {
  const [filters = 0, height = 0, width = 0, channels = 0] = tensor.shape;
  if (tensor.shape.length !== 4) return tensor;
  const floats = () => {
    const values = tensor.floats();
    if (values?.length !== elementCount(tensor.shape)) return undefined;
    const area = height * width;
    const turned = new Float32Array(values.length);
    for (let filter = 0; filter < filters; filter++) {
      for (let place = 0; place < area; place++) {
        for (let channel = 0; channel < channels; channel++) {
          turned[(filter * channels + channel) * area + place] =
            values[(filter * area + place) * channels + channel] ?? 0;
        }
      }
    }
    return turned;
  };
  return { ...tensor, shape: [filters, channels, height, width], floats };
}
