import { z } from 'zod';
import { type Convolution, centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import { shown } from '../model-problem.ts';
import type { ComputeNode, Role, Unreadable } from './compute-graph.ts';
import { kernelOf, type NamedTensor } from './model-tensors.ts';

/** A node of a TensorFlow GraphDef, from JSON or protobuf. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** Finds a stored weight by the name of its node. */
export type FindTensor = (name: string) => NamedTensor | undefined;

const attributeSchema = z.object({ f: z.number().optional() });

/** Operations that pass a weight on to where it is used. */
const PASSES_WEIGHT = new Set(['Identity', 'ReadVariableOp', 'Enter', 'StopGradient', 'Switch']);
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
/** Inputs that are a switch or a number, by their types and the names that trainers give them. */
const NO_IMAGE = /(phase_train|keep_prob|is_training|batch_size|learning_rate|label)/i;

/** The nodes of a TensorFlow graph; `weights` are those stored under a node's name. */
export function graphNodes(nodes: readonly GraphNode[], weights: FindTensor): readonly ComputeNode[] {
  const indices = new Map(nodes.map(({ name }, index) => [name, index]));
  const byName = new Map(nodes.map((node) => [node.name, node]));
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
    return { name: node.name, operator: node.op, inputs, guides, role: roleOf(node, find, weights) };
  });
}

/** "name:0" is a node's first result, "^name" waits for it. */
function sourceOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

function roleOf(node: GraphNode, find: FindTensor, weights: FindTensor): Role {
  const { op, name } = node;
  if (weights(name) !== undefined) return { kind: 'apart' };
  switch (op) {
    case 'Placeholder':
    case 'PlaceholderWithDefault':
      return { kind: NO_IMAGE.test(name) ? 'apart' : 'source' };
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

/** Inputs: x, scale, shift, mean, variance. */
function graphBatchNorm(node: GraphNode, find: FindTensor): NamedBatchNorm | undefined {
  const gamma = find(node.input[1] ?? '')?.floats();
  const movingVariance = find(node.input[4] ?? '')?.floats();
  if (gamma === undefined || movingVariance === undefined) return undefined;
  const epsilon = attributeSchema.safeParse(node.attr.epsilon).data?.f ?? 1e-4;
  const beta = find(node.input[2] ?? '')?.floats();
  const mean = find(node.input[3] ?? '')?.floats();
  const centre = beta === undefined ? {} : centreOf(gamma.length, beta, mean);
  return { name: node.name, gamma, movingVariance, epsilon, ...centre };
}
