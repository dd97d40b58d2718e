import type { FloatTensor } from '../../formats/safetensors.ts';
import type { Architecture } from '../../network/architecture.ts';
import type { NetworkState, StateTensor } from '../../network/network-state.ts';
import { CENTRES_NAME, EMBEDDING_NAME, parametersOf } from '../../network/parameters.ts';
import { fromOihw, hwioShape, oihwShape, toOihw } from '../import/model-tensors.ts';
import { ExportError } from './trained-network.ts';

/**
 * A network's tensors as PyTorch keeps them: convolutions [out, in, k, k], and the embedding's input flattened channels
 * first. Names are the same. Momentum is left out.
 */
export function toPyTorch(state: NetworkState, architecture: Architecture): ReadonlyMap<string, FloatTensor> {
  return new Map(
    parametersOf(architecture).map(({ name }) => {
      const tensor = state.get(name);
      if (tensor === undefined) throw new ExportError(`The network has no "${name}".`);
      return [name, toPyTorchTensor(name, tensor, architecture)] as const;
    }),
  );
}

/**
 * The other way round; undefined where a tensor is missing or has another shape than the architecture's. Class centres may
 * be missing.
 */
export function fromPyTorch(
  tensors: ReadonlyMap<string, FloatTensor>,
  architecture: Architecture,
): NetworkState | undefined {
  const state = new Map<string, StateTensor>();
  for (const { name, shape } of parametersOf(architecture)) {
    const tensor = tensors.get(name);
    if (tensor === undefined && name === CENTRES_NAME) continue;
    const read = tensor && fromPyTorchTensor(name, tensor, architecture);
    if (read === undefined || read.shape.join() !== shape.join()) return undefined;
    state.set(name, read);
  }
  return state;
}

/** A dense layer's rows with their numbers from height, width, channels to channels, height, width. */
export function channelsFirst(values: Float32Array, rows: number, area: number): Float32Array<ArrayBuffer> {
  return reordered(values, rows, area, (place, channel, channels) => [
    channel * area + place,
    place * channels + channel,
  ]);
}

function channelsLast(values: Float32Array, rows: number, area: number): Float32Array<ArrayBuffer> {
  return reordered(values, rows, area, (place, channel, channels) => [
    place * channels + channel,
    channel * area + place,
  ]);
}

function reordered(
  values: Float32Array,
  rows: number,
  area: number,
  places: (place: number, channel: number, channels: number) => readonly [to: number, from: number],
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  const width = values.length / rows;
  const channels = width / area;
  for (let place = 0; place < area; place++) {
    for (let channel = 0; channel < channels; channel++) {
      const [to, from] = places(place, channel, channels);
      for (let row = 0; row < rows; row++) result[row * width + to] = values[row * width + from] ?? 0;
    }
  }
  return result;
}

function toPyTorchTensor(name: string, { shape, values }: StateTensor, architecture: Architecture): FloatTensor {
  const kernel = hwioShape(shape);
  if (kernel !== undefined) {
    const [height, width, channels, filters] = kernel;
    return { shape: [filters, channels, height, width], data: toOihw(values, kernel) };
  }
  if (name !== EMBEDDING_NAME) return { shape, data: values };
  return { shape, data: channelsFirst(values, architecture.embeddingSize, areaOf(architecture)) };
}

function fromPyTorchTensor(
  name: string,
  { shape, data }: FloatTensor,
  architecture: Architecture,
): StateTensor | undefined {
  if (shape.length === 4) {
    const kernel = oihwShape(shape);
    return kernel && { shape: kernel, values: fromOihw(data, kernel) };
  }
  if (name !== EMBEDDING_NAME) return { shape, values: new Float32Array(data) };
  return { shape, values: channelsLast(data, architecture.embeddingSize, areaOf(architecture)) };
}

/** Pixels of the embedding's input. */
function areaOf({ features, body, stem }: Architecture): number {
  return features / (body[body.length - 1]?.outputs ?? stem.outputs);
}
