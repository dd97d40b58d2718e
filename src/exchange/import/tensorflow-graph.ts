import { type Convolution, centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import type { Budget } from '../../formats/budget.ts';
import { shown } from '../model-problem.ts';
import { arithmeticStep, type ChannelStep, turnedStep } from './channel-step.ts';
import type { ComputeNode, Role, Unreadable } from './compute-graph.ts';
import { wholeNumbers } from './constant.ts';
import { kernelOf } from './model-tensors.ts';
import { withoutBranches } from './tensorflow-branches.ts';
import { TensorflowConstants } from './tensorflow-constants.ts';
import {
  type FindTensor,
  type GraphNode,
  numberAttribute,
  PASSES_WEIGHT,
  sourceOf,
  textAttributes,
} from './tensorflow-node.ts';

const APART = new Set(
  'Const Shape ShapeN Size Rank NoOp Assert Range Fill ZerosLike OnesLike VarHandleOp VariableV2 Variable'.split(' '),
);
const FIXED = new Set(
  `Abs Add AddN AddV2 AvgPool BatchToSpaceND Cast Concat ConcatV2 DepthToSpace Div DivNoNan Elu Exp ExpandDims
  CropAndResize FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsPerChannel Floor FloorDiv Gather
  GatherNd GatherV2 IdentityN ImageProjectiveTransformV2 ImageProjectiveTransformV3 LeakyRelu Log Max MaxPool Maximum Mean Merge Min Minimum MirrorPad Mul Neg Pack Pad PadV2
  Pow Prelu RealDiv Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor ReverseV2
  Rsqrt Select SelectV2 Selu Sigmoid Slice Softmax Softplus SpaceToBatchND SpaceToDepth Split SplitV Sqrt Square
  SquaredDifference Squeeze StopGradient StridedSlice Sub Sum Switch Tanh Tile Transpose Unpack`.split(/\s+/),
);
/** Those whose inputs behind the first say where and how it is read. */
const GUIDED = new Set(
  `CropAndResize Gather GatherNd GatherV2 ImageProjectiveTransformV2 ImageProjectiveTransformV3 MirrorPad Pad PadV2 Reshape
  ResizeBilinear ResizeNearestNeighbor Slice StridedSlice Tile`.split(/\s+/),
);
const MIXES = new Set('MatMul _FusedMatMul BatchMatMul BatchMatMulV2 BatchMatMulV3 Einsum'.split(' '));
/** The axes of channels in the two orders of images. */
const SECOND = 1;
const LAST = 3;
/** Inputs that are a switch or a number, by their types and the names that trainers give them. */
const NO_IMAGE = /(phase_train|keep_prob|is_training|learning_phase|batch_size|learning_rate|label)/i;
/** Operations that hand images out, as the queues of training do, and those that hold them. */
const SOURCES = /^(Placeholder(WithDefault|V2)?|QueueDequeue(Many|UpTo)?(V2)?|IteratorGetNext(Sync)?)$/;
const QUEUES = /^((FIFO|PaddingFIFO|RandomShuffle)Queue(V2)?|(OneShot)?Iterator(V2)?)$/;

/** The nodes of a TensorFlow graph; `weights` are those stored under a node's name, `budget` is charged for values worked out. */
export function graphNodes(given: readonly GraphNode[], weights: FindTensor, budget: Budget): readonly ComputeNode[] {
  const nodes = withoutBranches(given, weights);
  const indices = new Map(nodes.map(({ name }, index) => [name, index]));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const constants = new TensorflowConstants(byName, weights, budget);
  const find: FindTensor = (name) => {
    let at = sourceOf(name);
    for (let hops = 0; hops < 8; hops++) {
      const found = weights(at);
      if (found !== undefined) return found;
      const node = byName.get(at);
      if (node === undefined || !PASSES_WEIGHT.has(node.op)) return undefined;
      at = sourceOf(node.input[0] ?? '');
    }
    return undefined;
  };
  return nodes.map((node): ComputeNode => {
    // "^name" waits for a node and takes nothing from it.
    const inputs = node.input
      .filter((name) => !name.startsWith('^'))
      .flatMap((name) => indices.get(sourceOf(name)) ?? []);
    const guides = GUIDED.has(node.op) ? inputs.filter((input) => input !== inputs[0]) : [];
    return {
      name: node.name,
      operator: node.op,
      inputs,
      guides,
      role: roleOf(node, find, weights),
      channelAxis: textAttributes(node, 'data_format').includes('NCHW') ? SECOND : LAST,
      activated: textAttributes(node, 'fused_ops').some((name) => name !== 'BiasAdd'),
      step: (axis, filters) => graphChannelStep(node, constants, axis, filters),
    };
  });
}

function roleOf(node: GraphNode, find: FindTensor, weights: FindTensor): Role {
  const { op, name } = node;
  if (weights(name) !== undefined || QUEUES.test(op)) return { kind: 'apart' };
  if (SOURCES.test(op)) return { kind: NO_IMAGE.test(name) ? 'apart' : 'source' };
  switch (op) {
    case 'Conv2D':
    case '_FusedConv2D':
      return { kind: 'convolution', read: () => graphConvolution(node, find, false) };
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2dNative':
      return { kind: 'convolution', read: () => graphConvolution(node, find, true) };
    case 'FusedBatchNorm':
    case 'FusedBatchNormV2':
    case 'FusedBatchNormV3':
      return { kind: 'batch-norm', read: () => graphBatchNorm(node, find) };
    case 'Identity':
    case 'BiasAdd':
      return { kind: 'same' };
    default:
      if (/conv/i.test(op)) return { kind: 'convolution', read: () => ({ why: 'its kind is not known here' }) };
      return { kind: APART.has(op) ? 'apart' : FIXED.has(op) ? 'fixed' : MIXES.has(op) ? 'mixes' : 'unknown' };
  }
}

function graphConvolution(node: GraphNode, find: FindTensor, depthwise: boolean): Convolution | Unreadable {
  const weight = sourceOf(node.input[1] ?? '');
  const tensor = find(weight);
  if (tensor === undefined) return { why: `its kernel "${shown(weight)}" is computed and not stored` };
  return (
    kernelOf(node.name, tensor, depthwise) ?? { why: `its kernel "${shown(weight)}" holds no floating-point numbers` }
  );
}

const ARITHMETIC: ReadonlyMap<string, 'add' | 'sub' | 'mul' | 'div'> = new Map([
  ['Add', 'add'],
  ['AddV2', 'add'],
  ['Sub', 'sub'],
  ['Mul', 'mul'],
  ['Div', 'div'],
  ['RealDiv', 'div'],
]);

/** The effect of an operation on the channels of an image, which are on `axis`; undefined where it is not known. */
function graphChannelStep(
  { op, input }: GraphNode,
  constants: TensorflowConstants,
  axis: number,
  filters: number,
): ChannelStep | undefined {
  const inputs = input.filter((name) => !name.startsWith('^'));
  if (op === 'Transpose') {
    const order = constants.value(inputs[1] ?? '');
    return order && turnedStep(axis, wholeNumbers(order));
  }
  const operation = ARITHMETIC.get(op);
  const operands = () => inputs.map((name) => constants.value(name));
  return operation && arithmeticStep(operation, operands(), axis, filters);
}

/** Inputs: x, scale, shift, mean, variance. */
function graphBatchNorm(node: GraphNode, find: FindTensor): NamedBatchNorm | undefined {
  const gamma = find(node.input[1] ?? '')?.floats();
  const movingVariance = find(node.input[4] ?? '')?.floats();
  // One that is left in training has no statistics.
  if (gamma === undefined || movingVariance?.length !== gamma.length) return undefined;
  const epsilon = numberAttribute(node, 'epsilon') ?? 1e-4;
  const beta = find(node.input[2] ?? '')?.floats();
  const mean = find(node.input[3] ?? '')?.floats();
  const centre = beta === undefined ? {} : centreOf(gamma.length, beta, mean);
  return { name: node.name, gamma, movingVariance, epsilon, ...centre };
}
