import { type Convolution, centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { type CaffeBlob, type CaffeLayer, readCaffeModel } from '../../formats/caffe-model.ts';
import { elementCount } from '../../formats/shape.ts';
import { type ComputeNode, convolutionsOf, type Role, type Unreadable } from './compute-graph.ts';
import { fromOihw, type ModelTensors, oihwShape } from './model-tensors.ts';

const EPSILON = 1e-5;
/** The axis of channels. */
const CHANNELS = 1;
const FIXED = new Set(
  `AbsVal BNLL Bias Concat Crop Dropout ELU Eltwise Exp Flatten LRN Log MVN Normalize Permute Pooling Power PReLU ReLU
  Reshape Scale Sigmoid Slice Softmax Split TanH Threshold Tile Interp`.split(/\s+/),
);
const MIXES = new Set(['InnerProduct', 'LSTM', 'RNN']);
const SOURCES = /^(Input|Data|ImageData|HDF5Data|MemoryData|WindowData|DummyData|AnnotatedData|Python)$/;

/** The convolutions of a `.caffemodel`, by its layers. @throws ModelProblem, FormatProblem */
export function readCaffeNetwork(bytes: Uint8Array, budget: Budget): Omit<ModelTensors, 'file' | 'others'> {
  const layers = readCaffeModel(bytes, budget);
  budget.charge(8 * OBJECT_BYTES * layers.length, 'its layers');
  // A layer may overwrite its input: later readers get the newest.
  const newest = new Map<string, number>();
  const nodes: ComputeNode[] = [];
  for (const [index, layer] of layers.entries()) {
    const inputs = layer.bottom.flatMap((name) => newest.get(name) ?? []);
    nodes.push({
      name: layer.name,
      operator: layer.type,
      inputs,
      role: roleOf(layer, { before: layers[index - 1], next: layers[index + 1] }),
      step: (axis, filters) => channelStep(layer, axis, filters),
    });
    for (const name of layer.top) newest.set(name, index);
  }
  // Files for deployment leave the data layer out: the blob that no layer makes is the image.
  return { format: 'caffe', order: 'graph', ...convolutionsOf(withImage(nodes, layers), budget) };
}

/** An input in front of layers that take something nobody makes. */
function withImage(nodes: readonly ComputeNode[], layers: readonly CaffeLayer[]): readonly ComputeNode[] {
  const image: ComputeNode = { name: 'data', operator: 'Input', inputs: [], role: { kind: 'source' } };
  const shifted = nodes.map((node, index): ComputeNode => {
    const inputs = node.inputs.map((input) => input + 1);
    const fed = (layers[index]?.bottom.length ?? 0) > node.inputs.length;
    return { ...node, inputs: fed ? [0, ...inputs] : inputs };
  });
  return [image, ...shifted];
}

/** The layers beside one in the file. */
interface Beside {
  readonly before: CaffeLayer | undefined;
  readonly next: CaffeLayer | undefined;
}

function roleOf(layer: CaffeLayer, { before, next }: Beside): Role {
  const { type } = layer;
  if (type === 'Convolution' || type === 'ConvolutionDepthwise' || type === 'DepthwiseConvolution') {
    return { kind: 'convolution', read: () => convolutionOf(layer) };
  }
  if (/conv/i.test(type)) return { kind: 'convolution', read: () => ({ why: 'its kind is not read' }) };
  if (type === 'BatchNorm') return { kind: 'batch-norm', read: () => batchNormOf(layer, next) };
  // Its numbers are those of the batch norm.
  if (scaleBehind(before, layer) !== undefined) return { kind: 'same' };
  if (SOURCES.test(type)) return { kind: 'source' };
  return { kind: FIXED.has(type) ? 'fixed' : MIXES.has(type) ? 'mixes' : 'unknown' };
}

function convolutionOf({ name, blobs: [kernel] }: CaffeLayer): Convolution | Unreadable {
  if (kernel === undefined) return { why: 'the file holds no weights for it' };
  const shape = oihwShape(kernel.shape);
  if (shape === undefined) return { why: `its kernel is [${kernel.shape.join(', ')}], not one for 2-D images` };
  return { name, shape, kernel: fromOihw(kernel.floats(), shape) };
}

/** Caffe's BatchNorm holds mean, variance and the divisor of both; a Scale behind it holds gamma and beta. */
function batchNormOf(layer: CaffeLayer, next: CaffeLayer | undefined): NamedBatchNorm | undefined {
  const [mean, variance, factor] = layer.blobs;
  if (mean === undefined || variance === undefined) return undefined;
  const by = factor?.floats()[0] ?? 1;
  const divided = (blob: CaffeBlob) => blob.floats().map((value) => (by === 0 ? 0 : value / by));
  const movingVariance = divided(variance);
  const [scale, shift] = scaleBehind(layer, next)?.blobs ?? [];
  const gamma = scale?.floats() ?? new Float32Array(movingVariance.length).fill(1);
  if (gamma.length !== movingVariance.length) return undefined;
  const centre = centreOf(gamma.length, shift?.floats(), divided(mean));
  return { name: layer.name, gamma, movingVariance, epsilon: layer.epsilon ?? EPSILON, ...centre };
}

/** The second of two layers where it scales the result of the first, a BatchNorm, with numbers of its own. */
function scaleBehind(layer: CaffeLayer | undefined, next: CaffeLayer | undefined): CaffeLayer | undefined {
  const scales = next?.type === 'Scale' && next.bottom.length === 1 && next.blobs.length > 0;
  return scales && layer?.type === 'BatchNorm' && next.bottom[0] === layer.top[0] ? next : undefined;
}

/** The effect of a Scale or Bias with numbers of its own; one of two results scales by none. */
function channelStep({ type, bottom, blobs, axis: own = CHANNELS }: CaffeLayer, axis: number, filters: number) {
  if (bottom.length !== 1 || own !== axis) return undefined;
  const values = blobs.map((blob) => (elementCount(blob.shape) === filters ? [...blob.floats()] : undefined));
  const [first, shift = [0]] = values;
  if (first === undefined || values.includes(undefined)) return undefined;
  if (type === 'Scale') return { axis, factor: first, shift };
  return type === 'Bias' ? { axis, factor: [1], shift: first } : undefined;
}
