import type { Convolution } from '../../craft/convolution.ts';
import { channelsOf, type ResponseMaps, type SeenFace, tileResponses } from '../../craft/response.ts';
import type { LayerResponses } from './protocol.ts';

/**
 * The responses of a picture layer to a face: its convolution at every pixel, regardless of its stride, with the batch
 * norm behind it folded in. The bias of the convolution and the activation are left out. Undefined where the layer
 * reads neither colours nor grey.
 */
export function layerResponses(
  { kernel, shape, batchNorm }: Convolution,
  face: SeenFace,
): Omit<LayerResponses, 'layer'> | undefined {
  const [, , channels, filters] = shape;
  if (channels !== 3 && channels !== 1) return undefined;
  const [ones, zeros] = [new Float32Array(filters).fill(1), new Float32Array(filters)];
  const { gamma, movingVariance, epsilon } = batchNorm ?? { gamma: ones, movingVariance: ones, epsilon: 0 };
  const { beta, movingMean } = batchNorm?.centre ?? { beta: zeros, movingMean: zeros };
  const numbers = channelsOf({ gamma, beta, movingMean, movingVariance, slope: ones }, epsilon);
  const seen = channels === 3 ? face : { size: face.size, values: greyOf(face.values) };
  const layer = { kernel, shape, channels: numbers };
  const maps: ResponseMaps = tileResponses(seen, layer);
  return { maps, batchNorm: batchNorm === undefined ? 'none' : batchNorm.centre === undefined ? 'scale' : 'whole' };
}

/** Brightness as television has it. */
function greyOf(values: Float32Array): Float32Array {
  return Float32Array.from(
    { length: values.length / 3 },
    (_, at) => 0.299 * (values[3 * at] ?? 0) + 0.587 * (values[3 * at + 1] ?? 0) + 0.114 * (values[3 * at + 2] ?? 0),
  );
}
