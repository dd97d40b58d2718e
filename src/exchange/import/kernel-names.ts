/** Part of the names that a file without a graph gives to layers, and how they place a layer in its network. */

const DEPTHWISE = /^((\w+_)?dw|conv_?dw|dw_?conv|depth_?wise\w*|conv_?depth\w*)\d*$/i;
const ENTRANCE = /^(stem\w*|conv_?stem|input_?(layer|conv)\w*|(first|entry)_?\w*)$/i;

/**
 * Parts of a network that take the image beside the way to its embedding: a spatial transformer, which finds the face in
 * it, the offsets of a deformable convolution, and a decoder.
 */
const ASIDE =
  /^(stn\w*|spatial_?transformer\w*|loc(_?(net|conv)\w*)?\d*|locali[sz]ation\w*|affine_?net\w*|theta_?net\w*|tps\w*|align\w*|\w*offsets?(_?conv\w*)?|[pm]_conv|modulators?(_?conv\w*)?|dec\d*|decoders?\w*)$/i;

interface Named {
  readonly name: string;
}

export function isAside(layer: Named | undefined): boolean {
  return segmentsOf(layer).some((segment) => ASIDE.test(segment));
}

/** An entrance lies at the top of a network, depthwise convolutions in its blocks. */
export function depthOf(layer: Named | undefined): number {
  const segments = segmentsOf(layer);
  if (segments.some((segment) => DEPTHWISE.test(segment))) return Number.POSITIVE_INFINITY;
  return segments.some((segment) => ENTRANCE.test(segment)) ? 0 : segments.length;
}

/** The block of a list that holds a layer, as "layers.0" holds "layers.0.conv1.weight", and the layer's name within it. */
export function blockOf(layer: Named): { readonly list: string; readonly block: string; readonly within: string } {
  const segments = segmentsOf(layer);
  const number = segments.slice(0, -2).findLastIndex((segment) => /^\d+$/.test(segment));
  const joined = (start: number, end?: number) => segments.slice(start, end).join('.');
  return { list: joined(0, Math.max(0, number)), block: joined(0, number + 1), within: joined(number + 1) };
}

function segmentsOf(layer: Named | undefined): readonly string[] {
  return (layer?.name ?? '').split(/[./]/);
}
