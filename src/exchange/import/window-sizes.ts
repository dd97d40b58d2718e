import type { OnnxNode } from '../../formats/onnx.ts';

/** How a convolution or pooling moves over an image [height, width]. */
interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** [top, left, bottom, right], worked out where the node says "same". */
  readonly pads: readonly number[];
}

/** Strides, dilations and pads of a node over an image; undefined where the node is for another number of axes. */
function windowsOf({ attributes }: OnnxNode, image: readonly number[], kernel: readonly number[]): Windows | undefined {
  const two = (name: string) => {
    const given = attributes.get(name)?.ints ?? [];
    return given.length === 0 ? [1, 1] : given;
  };
  const strides = two('strides');
  const dilations = two('dilations');
  const given = attributes.get('pads')?.ints ?? [];
  const pads = given.length === 0 ? [0, 0, 0, 0] : [...given];
  if (strides.length !== 2 || dilations.length !== 2 || pads.length !== 4 || kernel.length !== 2) return undefined;
  const auto = attributes.get('auto_pad')?.text ?? 'NOTSET';
  if (auto === 'VALID') pads.fill(0);
  if (auto.startsWith('SAME')) {
    for (const axis of [0, 1]) {
      const size = image[axis] ?? 0;
      const stride = strides[axis] ?? 1;
      const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
      const missing = Math.max(0, (Math.ceil(size / stride) - 1) * stride + reach - size);
      const less = missing >> 1;
      pads[axis] = auto === 'SAME_LOWER' ? missing - less : less;
      pads[axis + 2] = missing - (pads[axis] ?? 0);
    }
  }
  return { strides, dilations, pads };
}

/** The output shape of a convolution or pooling on an image [N, C, height, width]. */
export function windowed(
  node: OnnxNode,
  x: readonly number[],
  channels: number | undefined,
  kernel: readonly number[],
): readonly number[] | undefined {
  const [images = 0, , height = 0, width = 0] = x;
  const found = x.length === 4 ? windowsOf(node, [height, width], kernel) : undefined;
  if (found === undefined || channels === undefined) return undefined;
  const { strides, dilations, pads } = found;
  const round = node.attributes.get('ceil_mode')?.int === 1 ? Math.ceil : Math.floor;
  const sides = [height, width].map((size, axis) => {
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    const stride = strides[axis] ?? 1;
    const places = round((size + (pads[axis] ?? 0) + (pads[axis + 2] ?? 0) - reach) / stride) + 1;
    // A last window that begins in the padding behind the image is left out.
    return round === Math.ceil && (places - 1) * stride >= size + (pads[axis] ?? 0) ? places - 1 : places;
  });
  return [images, channels, ...sides];
}
