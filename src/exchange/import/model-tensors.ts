import type { ChannelUse } from '../../craft/contribution.ts';
import type { Convolution } from '../../craft/convolution.ts';
import type { KernelShape } from '../../craft/filter-bank.ts';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { type ModelProblem, shown } from '../model-problem.ts';
import type { OwnNetwork } from './own-network.ts';

/** The format of a model file, recognised by its content. */
export const MODEL_FORMATS = {
  onnx: 'ONNX',
  safetensors: 'safetensors',
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
  'tfjs-weights': 'TensorFlow.js weights',
  pytorch: 'PyTorch checkpoint',
  npz: 'NumPy archive',
  keras: 'Keras',
  tflite: 'TensorFlow Lite',
  tensorflow: 'TensorFlow graph',
  mxnet: 'MXNet',
  caffe: 'Caffe',
} as const;
export type ModelFormat = keyof typeof MODEL_FORMATS;

/** The parts of a model that inspection needs. */
export interface ModelTensors {
  readonly format: ModelFormat;
  /** The file that was read, and other models of its kind beside it or in the same zip. */
  readonly file: string;
  readonly others: readonly string[];
  /** From input to output where a graph or the file's order gives it, at least one. */
  readonly convolutions: readonly Convolution[];
  /** Which of them is likely the first layer. */
  readonly first: number;
  /** How order and batch norms were found: by the model's graph, or guessed from names and shapes. */
  readonly order: 'graph' | 'names';
  /** Names of later convolutions that could not be read: quantised, computed, or not for 2-D images. */
  readonly unread?: readonly string[];
  /** Further convolutions that take an image, and are not judged as the first layer, by name. */
  readonly alsoFirst?: readonly string[];
  /** Convolutions between the image and the first layer that were not trained, in a sentence. */
  readonly passed?: string;
  /** Why the first layer may be another one, in sentences. */
  readonly doubt?: string;
  /** Of each convolution the use of its channels by the layers that read them, where a graph shows it. */
  readonly uses?: readonly (ChannelUse | undefined)[];
  /** The file itself where it is ONNX, the network as ONNX where it is our own: such a model can be cut and run. */
  readonly source?: OnnxSource;
  /** Of a file that our own exporters wrote the network to train on from, or why that cannot be. */
  readonly own?: OwnNetwork | ModelProblem;
  /** The image that `positions` of the convolutions are counted for; `assumed` where the model leaves its size open. */
  readonly image?: { readonly height: number; readonly width: number; readonly assumed: boolean };
}

/** An ONNX model as it was read. */
export interface OnnxSource {
  readonly bytes: Uint8Array;
  /** Finds a file of weights that the model names. */
  fileOf(path: string): Uint8Array | undefined;
}

/** The order of a kernel's axes: PyTorch's or TensorFlow's. */
export type Layout = 'OIHW' | 'HWIO';

/** A tensor of a file that knows no graph. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Its element type in the format's word, for messages: "F8_E4M3". */
  readonly type: string;
  /** The class of the object that holds it, where the file says it: "torch.nn.modules.conv.Conv2d". */
  readonly owner?: string | undefined;
  /** Whether it belongs to a layer that takes the image, where the file has a program that shows it. */
  readonly entrance?: boolean | undefined;
  /** Undefined where it holds no floating-point numbers, or such as are not read. */
  floats(): Float32Array<ArrayBuffer> | undefined;
  /** Its numbers where they are whole, as axes are; formats with a graph have them. */
  wholes?(): Float64Array | undefined;
}

/**
 * Charges the cost of a convolution of that shape before its numbers are copied out of the file: these twice (as stored
 * and in our order of axes), the measurements of each filter, and the objects around them. A small file can name one
 * weight many times, or very many small ones. @throws FormatProblem `too-large`
 */
export function chargeConvolution(budget: Budget, [height, width, channels, filters]: KernelShape): void {
  const numbers = height * width * channels * filters;
  budget.charge(8 * numbers + OBJECT_BYTES * filters + LAYER_COST, 'its convolutions');
}

/** A layer in lists, tables and charts. The largest networks known have some thousands. */
const LAYER_COST = 16_384;

/** A kernel [filters, channels, height, width], PyTorch's and ONNX's order, as [height, width, channels, filters]. */
export function fromOihw(values: Float32Array, shape: KernelShape): Float32Array<ArrayBuffer> {
  const [height, width, channels, filters] = shape;
  const kernel = new Float32Array(values.length);
  const area = height * width;
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        kernel[(place * channels + channel) * filters + filter] =
          values[(filter * channels + channel) * area + place] ?? 0;
      }
    }
  }
  return kernel;
}

/** The other way round. */
export function toOihw(kernel: Float32Array, shape: KernelShape): Float32Array<ArrayBuffer> {
  const [height, width, channels, filters] = shape;
  const values = new Float32Array(kernel.length);
  const area = height * width;
  for (let filter = 0; filter < filters; filter++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        values[(filter * channels + channel) * area + place] =
          kernel[(place * channels + channel) * filters + filter] ?? 0;
      }
    }
  }
  return values;
}

/** The four sizes of a kernel, or undefined where the shape is no kernel's. */
export function oihwShape(shape: readonly number[]): KernelShape | undefined {
  const [filters, channels, height, width] = shape;
  return hwioShape([height ?? 0, width ?? 0, channels ?? 0, filters ?? 0, ...shape.slice(4)]);
}

/** The shape as a kernel's, or undefined where it is none. */
export function hwioShape(shape: readonly number[]): KernelShape | undefined {
  const [height = 0, width = 0, channels = 0, filters = 0] = shape;
  return shape.length === 4 && shape.every((size) => size > 0) ? [height, width, channels, filters] : undefined;
}

/** A convolution from a weight in TensorFlow's order; undefined where it is no kernel of floating-point numbers. */
export function kernelOf(name: string, tensor: NamedTensor, depthwise: boolean): Convolution | undefined {
  const shape = hwioShape(tensor.shape);
  const kernel = shape && tensor.floats();
  if (shape === undefined || kernel === undefined) return undefined;
  const [height, width, channels, filters] = shape;
  return { name, shape: depthwise ? [height, width, 1, channels * filters] : shape, kernel };
}

/**
 * Which of several convolutions is likely the first layer: of those that may be, the one that sees an image (3
 * channels, else 1) through a window of more than one pixel; the earliest among equals.
 */
export function likelyFirst(
  convolutions: readonly { readonly shape: KernelShape }[],
  candidates: readonly number[],
): number {
  const score = (index: number) => imageScore(convolutions[index]?.shape);
  return candidates.reduce((best, index) => (score(index) > score(best) ? index : best), candidates[0] ?? 0);
}

/** How much a kernel looks as if it took an image: 3 channels, else 1 or 4, through more than one pixel. */
export function imageScore([height, width, channels]: KernelShape = [0, 0, 0, 0]): number {
  // A depthwise convolution has one channel as well; a photo has three.
  return (channels === 3 ? 4 : channels === 1 || channels === 4 ? 1 : 0) + (height * width > 1 ? 2 : 0);
}

/** A layer of a model as a verdict calls it, with the sentences on how the first one was found. */
export function remarksOn(
  { convolutions, first, passed, doubt }: Pick<ModelTensors, 'convolutions' | 'first' | 'passed' | 'doubt'>,
  layer: number,
): { readonly layer: string; readonly remarks: readonly string[] } {
  const unread = convolutions[layer]?.unreadNorm;
  const norm = unread === undefined ? [] : [`"${shown(unread)}" behind it scales its filters, and is not folded in.`];
  if (layer !== first) return { layer: 'layer', remarks: norm };
  // A headline claims no more than the sentences below it.
  const name = doubt === undefined ? 'first layer' : 'layer';
  return { layer: name, remarks: [doubt, passed, ...norm].filter((sentence) => sentence !== undefined) };
}
