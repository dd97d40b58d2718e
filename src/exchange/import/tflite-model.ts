import type { Convolution } from '../../craft/convolution.ts';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { elementCount } from '../../formats/shape.ts';
import { readTflite, type TfliteModel, type TfliteOperator } from '../../formats/tflite.ts';
import { arithmeticStep, type ChannelStep } from './channel-step.ts';
import { type ComputeNode, convolutionsOf, type Role, type Unreadable } from './compute-graph.ts';
import type { Constant } from './constant.ts';
import { hwioShape, type ModelTensors } from './model-tensors.ts';

const FIXED = new Set(
  `ABS ADD AVERAGE_POOL_2D BATCH_TO_SPACE_ND CAST CONCATENATION DEPTH_TO_SPACE DEQUANTIZE DIV EXP EXPAND_DIMS
  FAKE_QUANT FLOOR GATHER GATHER_ND GELU HARD_SWISH L2_NORMALIZATION LEAKY_RELU LOGISTIC MAXIMUM MAX_POOL_2D MEAN MINIMUM
  MIRROR_PAD MUL NEG PACK PAD PADV2 POW PRELU QUANTIZE RELU RELU6 RELU_N1_TO_1 RESHAPE RESIZE_BILINEAR
  RESIZE_NEAREST_NEIGHBOR REVERSE_V2 RSQRT SLICE SOFTMAX SPACE_TO_BATCH_ND SPACE_TO_DEPTH SPLIT SPLIT_V SQRT SQUARE
  SQUARED_DIFFERENCE SQUEEZE STRIDED_SLICE SUB SUM TANH TILE TRANSPOSE UNPACK`.split(/\s+/),
);
/** Those whose inputs behind the first say where and how it is read. */
const GUIDED =
  /^(GATHER(_ND)?|MIRROR_PAD|PAD(V2)?|RESHAPE|RESIZE_(BILINEAR|NEAREST_NEIGHBOR)|SLICE|STRIDED_SLICE|TILE)$/;
/** The axis of channels. */
const CHANNELS = 3;
const MIXES = new Set(['FULLY_CONNECTED', 'BATCH_MATMUL', 'LSTM']);

/** The convolutions of a TensorFlow Lite model, dequantised. @throws ModelProblem, FormatProblem */
export function readTfliteModel(bytes: Uint8Array, budget: Budget): Omit<ModelTensors, 'file' | 'others'> {
  const model = readTflite(bytes, budget);
  budget.charge(8 * OBJECT_BYTES * (model.tensors.length + model.operators.length), 'its graph');
  const producers = new Map<number, number>();
  const images = model.inputs.filter((input) => model.tensors[input]?.shape.length === 4);
  const sources = images.length === 0 ? model.inputs : images;
  for (const [index, input] of sources.entries()) producers.set(input, index);
  for (const [index, { outputs }] of model.operators.entries()) {
    for (const output of outputs) producers.set(output, sources.length + index);
  }
  const nodes: ComputeNode[] = [
    ...sources.map((input): ComputeNode => {
      return { name: model.tensors[input]?.name ?? '', operator: 'input', inputs: [], role: { kind: 'source' } };
    }),
    ...model.operators.map((operator): ComputeNode => {
      const output = model.tensors[operator.outputs[0] ?? -1]?.name ?? '';
      const inputs = operator.inputs.flatMap((input) => producers.get(input) ?? []);
      const [main] = operator.inputs;
      const guides = GUIDED.test(operator.name) ? inputs.filter((input) => input !== producers.get(main ?? -1)) : [];
      return {
        name: output,
        operator: operator.name,
        inputs,
        guides,
        role: roleOf(operator, output, model),
        channelAxis: CHANNELS,
        activated: operator.activated,
        step: (axis, filters) => channelStep(operator, model, axis, filters),
      };
    }),
  ];
  return { format: 'tflite', order: 'graph', ...convolutionsOf(nodes, budget) };
}

function roleOf(operator: TfliteOperator, output: string, model: TfliteModel): Role {
  const { name } = operator;
  if (name === 'SHAPE') return { kind: 'apart' };
  if (/CONV/i.test(name)) return { kind: 'convolution', read: () => convolutionOf(operator, output, model) };
  return { kind: FIXED.has(name) ? 'fixed' : MIXES.has(name) ? 'mixes' : 'unknown' };
}

function convolutionOf({ name, inputs }: TfliteOperator, output: string, model: TfliteModel): Convolution | Unreadable {
  if (name !== 'CONV_2D' && name !== 'DEPTHWISE_CONV_2D') return { why: 'it is neither CONV_2D nor DEPTHWISE_CONV_2D' };
  const kernel = stored(inputs[1] ?? -1, model);
  const values = kernel?.values();
  if (kernel === undefined || values === undefined)
    return { why: 'its kernel is computed, or of a type that is not read' };
  const [first = 0, height = 0, width = 0, last = 0] = kernel.shape;
  // [1, height, width, filters] of one channel each.
  if (name === 'DEPTHWISE_CONV_2D') {
    const shape = hwioShape([height, width, 1, last]);
    return shape === undefined || first !== 1 ? noKernel(kernel.shape) : { name: output, shape, kernel: values };
  }
  const shape = hwioShape([height, width, last, first]);
  if (shape === undefined || kernel.shape.length !== 4) return noKernel(kernel.shape);
  const inner = height * width * last;
  const turned = new Float32Array(values.length);
  for (let filter = 0; filter < first; filter++) {
    for (let place = 0; place < inner; place++) turned[place * first + filter] = values[filter * inner + place] ?? 0;
  }
  return { name: output, shape, kernel: turned };
}

const ARITHMETIC: ReadonlyMap<string, 'add' | 'sub' | 'mul' | 'div'> = new Map([
  ['ADD', 'add'],
  ['SUB', 'sub'],
  ['MUL', 'mul'],
  ['DIV', 'div'],
]);

/** The effect of arithmetic on the channels of an image, which are on `axis`; undefined where it is not known. */
function channelStep(
  { name, inputs }: TfliteOperator,
  model: TfliteModel,
  axis: number,
  filters: number,
): ChannelStep | undefined {
  const operation = ARITHMETIC.get(name);
  const operand = (input: number): Constant | undefined => {
    const tensor = stored(input, model);
    const values = tensor !== undefined && elementCount(tensor.shape) <= filters ? tensor.values() : undefined;
    return tensor && values && { shape: tensor.shape, data: values };
  };
  return operation && arithmeticStep(operation, inputs.map(operand), axis, filters);
}

/** A tensor that the file holds, also behind a DEQUANTIZE, as half-precision weights are. */
function stored(index: number, { tensors, operators }: TfliteModel) {
  const tensor = tensors[index];
  if (tensor === undefined || tensor.constant) return tensor;
  const from = operators.find(({ name, outputs }) => name === 'DEQUANTIZE' && outputs[0] === index);
  const source = tensors[from?.inputs[0] ?? -1];
  return source?.constant === true ? source : undefined;
}

function noKernel(shape: readonly number[]): Unreadable {
  return { why: `its kernel is [${shape.join(', ')}], not one for 2-D images` };
}
