import { type Convolution, centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import type { Budget } from '../../formats/budget.ts';
import { type OnnxModel, type OnnxNode, readOnnx } from '../../formats/onnx.ts';
import { shown } from '../model-problem.ts';
import { type ComputeNode, convolutionsOf, type Role, type Unreadable } from './compute-graph.ts';
import type { Constant } from './constant.ts';
import { fromOihw, type ModelTensors, oihwShape } from './model-tensors.ts';
import { withChosenBranches } from './onnx-branches.ts';
import { onnxChannelStep } from './onnx-channel-step.ts';
import { OnnxConstants, operatorOf } from './onnx-constants.ts';
import { type ValueShapes, valueShapes } from './onnx-shapes.ts';
import { dequantised } from './quantised.ts';

/** ONNX's default for BatchNormalization. */
const EPSILON = 1e-5;

/** Results that carry nothing of the image on. */
const APART = new Set(['Constant', 'ConstantOfShape', 'Shape', 'Size', 'Range', 'EyeLike', 'RandomNormal']);

/** Operators of ONNX that act on the image by a fixed rule, or whose few weights act on each channel alone. */
const FIXED = new Set(
  `Abs Add And AveragePool Ceil CenterCropPad Clip Concat Crop DepthToSpace DequantizeLinear Div Dropout
  DynamicQuantizeLinear Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu GlobalAveragePool
  GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HardSigmoid HardSwish ImageScaler InstanceNormalization
  LayerNormalization LeakyRelu Less LessOrEqual Log LpNormalization LRN Max MaxPool Mean MeanVarianceNormalization Min
  Mish Mod Mul Neg Not Or PRelu Pad Pow QuantizeLinear Reciprocal ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin
  ReduceSum ReduceSumSquare Relu Reshape Resize RoiAlign Round ScatterElements ScatterND Selu Sigmoid Sign Slice Softmax
  Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Tile Transpose Unsqueeze Upsample Where`.split(/\s+/),
);

/** Operators of any domain whose inputs behind so many say where and how those before are read. */
const GUIDED: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'Expand Gather GatherElements GatherND Pad Reshape Resize RoiAlign Slice Tile Upsample'
      .split(' ')
      .map((name) => [name, 1]),
  ),
  GridSample: 1,
  grid_sampler: 1,
  // The image and the kernel; then where each number of the kernel looks.
  DeformConv: 2,
  DeformableConv2d: 1,
  MMCVDeformConv2d: 1,
  MMCVModulatedDeformConv2d: 1,
};

/** The same of ONNX Runtime, on whole numbers with a scale. */
const FIXED_ON_INTEGERS =
  /^(QLinear(Add|AveragePool|Concat|GlobalAveragePool|LeakyRelu|Mul|ReduceMean|Sigmoid|Softmax|Where)|NhwcMaxPool)$/;

/** Those that mix it with weights. */
const MIXES = new Set(
  'ConvTranspose MatMul Gemm MatMulInteger QLinearMatMul Einsum Attention MultiHeadAttention LSTM GRU RNN'.split(' '),
);

/**
 * Convolutions whose weights are input 1 as ONNX orders them. Not those of com.microsoft.nchwc: they are stored in
 * blocks.
 */
const PLAIN = new Set(['Conv', 'DeformConv', 'com.microsoft.FusedConv']);

/**
 * The convolutions of an ONNX model, by its graph. `fileOf` finds the files of weights that the model names, `budget`
 * is that of all files together.
 * @throws ModelProblem, FormatProblem
 */
export function readOnnxModel(
  bytes: Uint8Array,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): Omit<ModelTensors, 'file' | 'others'> {
  const model = withChosenBranches(readOnnx(bytes, budget), fileOf, budget);
  const constants = new OnnxConstants(model, fileOf, budget);
  const { shapes, image } = valueShapes(model, constants);
  return {
    format: 'onnx',
    order: 'graph',
    ...(image === undefined ? {} : { image }),
    ...convolutionsOf(onnxNodes(model, constants, shapes), budget),
  };
}

/** The nodes of a graph, its inputs in front of them. */
export function onnxNodes(
  model: OnnxModel,
  constants: OnnxConstants,
  shapes: ValueShapes['shapes'] = new Map(),
): readonly ComputeNode[] {
  const producers = new Map<string, number>(model.inputs.map(({ name }, index) => [name, index]));
  for (const [index, { outputs }] of model.nodes.entries()) {
    for (const output of outputs) if (output !== '') producers.set(output, model.inputs.length + index);
  }
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of model.nodes) {
    for (const input of new Set(node.inputs)) {
      const known = consumers.get(input);
      if (known === undefined) consumers.set(input, [node]);
      else known.push(node);
    }
  }
  // A row of pixels is an image as well; a few numbers beside one are not.
  const images = model.inputs.filter(
    ({ shape }) => shape === undefined || shape.length === 4 || numbersIn(shape) >= LEAST_PIXELS,
  );
  const inputs = model.inputs.map((input): ComputeNode => {
    const image = images.length === 0 || images.includes(input);
    return { name: input.name, operator: 'Input', inputs: [], role: { kind: image ? 'source' : 'apart' } };
  });
  const nodes = model.nodes.map((node, index): ComputeNode => {
    const from = [...node.inputs, ...node.captured].flatMap((name) => producers.get(name) ?? []);
    const name = node.name === '' ? `${node.operator} ${index}` : node.name;
    const guided = node.inputs.slice(0, GUIDED[node.operator]);
    const guides = node.inputs.filter((one) => !guided.includes(one)).flatMap((one) => producers.get(one) ?? []);
    return {
      name,
      operator: operatorOf(node),
      inputs: from,
      guides,
      role: roleOf(node, { constants, consumers, shapes }),
      // ONNX Runtime puts the activation behind a convolution into it.
      activated: node.domain === 'com.microsoft' && node.attributes.has('activation'),
      step: (axis, filters) => onnxChannelStep(node, axis, filters, { constants, shapes }),
    };
  });
  return [...inputs, ...nodes];
}

/** An image of 8 × 8 pixels in three colours. */
const LEAST_PIXELS = 192;

/** Sizes that are open count once. */
function numbersIn(shape: readonly (number | string)[]): number {
  return shape.slice(1).reduce<number>((count, size) => count * (typeof size === 'number' && size > 0 ? size : 1), 1);
}

/** The known part of the graph around a node. */
interface Surroundings {
  readonly constants: OnnxConstants;
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
  readonly shapes: ValueShapes['shapes'];
}

function roleOf(node: OnnxNode, around: Surroundings): Role {
  const operator = operatorOf(node);
  const plain = node.domain === 'com.microsoft' ? node.operator : operator;
  if (operator === 'BatchNormalization') return { kind: 'batch-norm', read: () => batchNormOf(node, around.constants) };
  if (/^(Identity|Cast|CastLike)$/.test(operator)) return { kind: 'same' };
  if (/^grid_?sampler?$/i.test(node.operator)) return { kind: 'fixed' };
  if (/conv/i.test(node.operator) && operator !== 'ConvTranspose') {
    return { kind: 'convolution', read: () => convolutionOf(node, around) };
  }
  if (APART.has(operator)) return { kind: 'apart' };
  if (FIXED.has(operator) || (FIXED.has(plain) && /quantize/i.test(plain))) return { kind: 'fixed' };
  if (node.domain === 'com.microsoft' && FIXED_ON_INTEGERS.test(plain)) return { kind: 'fixed' };
  return { kind: MIXES.has(plain) ? 'mixes' : 'unknown' };
}

function convolutionOf(node: OnnxNode, { constants, consumers, shapes }: Surroundings): Convolution | Unreadable {
  const read = weightsOf(node, constants, consumers);
  if ('why' in read) return read;
  const shape = oihwShape(read.shape);
  if (shape === undefined) return { why: `its kernel is [${read.shape.join(', ')}], not one for 2-D images` };
  const name = node.name === '' ? (node.inputs[read.input] ?? '') : node.name;
  const [, , height, width] = shapes.get(node.outputs[0] ?? '') ?? [];
  return {
    name,
    weight: node.inputs[read.input] ?? '',
    shape,
    kernel: fromOihw(Float32Array.from(read.data), shape),
    groups: node.attributes.get('group')?.int ?? 1,
    ...biasOf(node, constants, shape[3]),
    ...(height === undefined || width === undefined ? {} : { positions: height * width }),
  };
}

/** The bias of a convolution in float numbers, where it is stored so. */
function biasOf(node: OnnxNode, constants: OnnxConstants, filters: number): Pick<Convolution, 'bias'> {
  const name = PLAIN.has(operatorOf(node)) ? (node.inputs[2] ?? '') : '';
  const value = name === '' ? undefined : constants.value(name);
  return value === undefined || 'why' in value || value.data.length !== filters ? {} : { bias: value.data };
}

/** The kernel in ONNX's order and which input it came by. */
function weightsOf(
  node: OnnxNode,
  constants: OnnxConstants,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
): (Constant & { readonly input: number }) | Unreadable {
  const operator = operatorOf(node);
  const at = (input: number) => (node.inputs[input] ? constants.value(node.inputs[input] ?? '') : undefined);
  const scaled = (input: number, scale: Constant | Unreadable | undefined, zero: Constant | Unreadable | undefined) => {
    const kernel = at(input) ?? { why: 'it has no kernel' };
    if ('why' in kernel) return kernel;
    if (scale === undefined || 'why' in scale) return scale ?? { why: 'the scale of its kernel was not found' };
    if (zero !== undefined && 'why' in zero) return zero;
    const values = dequantised(kernel, scale, zero, { axis: 0, block: 0 }, () => {});
    return values === undefined ? { why: 'the scale of its kernel is of another size' } : { ...values, input };
  };
  // ONNX Runtime's own one takes images in another order, kernels in the same.
  if (operator === 'QLinearConv' || operator === 'com.microsoft.QLinearConv') return scaled(3, at(4), at(5));
  if (operator === 'ConvInteger') return scaled(1, integerScale(node, constants, consumers), at(3));
  if (!PLAIN.has(operator))
    return { why: 'this kind of convolution stores its kernel in a way that is not known here' };
  const kernel = at(1) ?? { why: 'it has no kernel' };
  if ('why' in kernel) return kernel;
  if (kernel.type !== undefined && /^(sparse )?[UI]\d/.test(kernel.type))
    return { why: 'its kernel holds whole numbers without a scale' };
  return { ...kernel, input: 1 };
}

/**
 * Dynamic quantisation puts the kernel's scale behind the convolution: Mul(Cast(ConvInteger), Mul(scale of the image,
 * scale of the kernel)).
 */
function integerScale(
  node: OnnxNode,
  constants: OnnxConstants,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
): Constant | Unreadable | undefined {
  let result = node.outputs[0] ?? '';
  for (let step = 0; step < 4; step++) {
    const [next] = consumers.get(result) ?? [];
    if (next?.operator === 'Cast') {
      result = next.outputs[0] ?? '';
      continue;
    }
    if (next?.operator !== 'Mul') return undefined;
    const other = next.inputs.find((input) => input !== result) ?? '';
    return kernelScale(other, node, constants);
  }
  return undefined;
}

/** Of a product of two scales the one that is stored. */
function kernelScale(product: string, node: OnnxNode, constants: OnnxConstants): Constant | Unreadable | undefined {
  const factors = constants.producer(product);
  if (factors?.operator !== 'Mul') return undefined;
  const stored = factors.inputs.map((input) => constants.value(input)).filter((value) => !('why' in value));
  const [only] = stored;
  return stored.length === 1 && node.inputs[0] !== '' ? only : undefined;
}

/** Inputs: x, scale, shift, mean, variance. */
function batchNormOf(node: OnnxNode, constants: OnnxConstants): NamedBatchNorm | undefined {
  const scale = constants.value(node.inputs[1] ?? '');
  const variance = constants.value(node.inputs[4] ?? '');
  if ('why' in scale || 'why' in variance || scale.data.length !== variance.data.length) return undefined;
  const epsilon = node.attributes.get('epsilon')?.float ?? EPSILON;
  const shift = constants.value(node.inputs[2] ?? '');
  const mean = constants.value(node.inputs[3] ?? '');
  const centre = 'why' in shift || 'why' in mean ? {} : centreOf(scale.data.length, shift.data, mean.data);
  return { name: shown(node.name), gamma: scale.data, movingVariance: variance.data, epsilon, ...centre };
}
