import { type ChannelUse, type Consumer, channelUse } from '../../craft/contribution.ts';
import type { Convolution } from '../../craft/convolution.ts';
import type { ComputeNode } from './compute-graph.ts';

/**
 * Operators of every format that keep channels apart and in place; names in lower case, without "_" and their domain.
 */
const CHANNELWISE =
  /^(activation|averagepool(ing)?2?d?|avgpool|biasadd|cast|clip|dequantize(linear)?|dropout|elu|gelu|hardsigmoid|hardswish|identity|leakyrelu|logistic|maxpool(ing)?2?d?|mirrorpad|mish|pad|padv2|pooling|prelu|quantize(linear)?|relu6?|relun1to1|selu|sigmoid|softplus|spatialdropout2d|tanh|zeropadding2d)$/;

/** Longer ways lead past blocks of layers. */
const MOST_STEPS = 64;

/**
 * The use of a convolution's channels by all convolutions that read them, through batch norm, activations and pooling;
 * undefined where anything else reads them, since its use is not known. `convolutions` are those read, by node.
 */
export function useOfChannels(
  producer: number,
  nodes: readonly ComputeNode[],
  consumers: readonly (readonly number[])[],
  convolutions: ReadonlyMap<number, Convolution>,
): ChannelUse | undefined {
  const first = convolutions.get(producer);
  if (first === undefined) return undefined;
  const filters = first.shape[3];
  const found: Consumer[] = [];
  const seen = new Set<number>();
  const waiting = [...(consumers[producer] ?? [])];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const node = nodes[index];
    if (node === undefined || seen.size > MOST_STEPS) return undefined;
    if (node.role.kind === 'convolution') {
      const consumer = consumerOf(convolutions.get(index), filters);
      if (consumer === undefined) return undefined;
      found.push(consumer);
    } else if (isChannelwise(node)) waiting.push(...(consumers[index] ?? []));
    else return undefined;
  }
  if (found.length === 0) return undefined;
  const gamma = Float32Array.from(first.batchNorm?.gamma ?? new Float32Array(filters).fill(1));
  return channelUse(gamma, found);
}

/** Whether an operation keeps channels apart and in place. */
export function isChannelwise({ role, operator }: ComputeNode): boolean {
  if (role.kind === 'same' || role.kind === 'batch-norm') return true;
  return role.kind === 'fixed' && CHANNELWISE.test(operator.replace(/^.*\./, '').replaceAll('_', '').toLowerCase());
}

/** A convolution of all channels, or one of each; for groups between the two the mapping is not given. */
function consumerOf(convolution: Convolution | undefined, filters: number): Consumer | undefined {
  if (convolution === undefined) return undefined;
  const { kernel, shape } = convolution;
  const [height, width, channels, outputs] = shape;
  if (channels === filters) return { kernel, shape };
  const depthwise = channels === 1 && outputs % filters === 0;
  // Filter c * m + j reads channel c: the same memory as [k, k, channels, m].
  return depthwise ? { kernel, shape: [height, width, filters, outputs / filters] } : undefined;
}
