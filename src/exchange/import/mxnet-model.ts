import { z } from 'zod';
import { type Convolution, centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { readJson } from '../../formats/json.ts';
import { type MxnetArray, readMxnetParams } from '../../formats/mxnet-params.ts';
import { elementCount } from '../../formats/shape.ts';
import { shown } from '../model-problem.ts';
import { arithmeticStep, type ChannelStep } from './channel-step.ts';
import { type ComputeNode, convolutionsOf, type Role, type Unreadable } from './compute-graph.ts';
import { type Constant, constantOf } from './constant.ts';
import type { ModelFile } from './model-files.ts';
import { fromOihw, type ModelTensors, type NamedTensor, oihwShape } from './model-tensors.ts';
import { reshaped } from './moved-constants.ts';
import { convolutionsByName } from './named-tensors.ts';

const symbolSchema = z.object({
  nodes: z.array(
    z.object({
      op: z.string(),
      name: z.string(),
      attrs: z.record(z.string(), z.unknown()).optional(),
      attr: z.record(z.string(), z.unknown()).optional(),
      param: z.record(z.string(), z.unknown()).optional(),
      inputs: z.array(z.array(z.number())),
    }),
  ),
});
type SymbolNode = z.infer<typeof symbolSchema>['nodes'][number];

/** Operators that act on the image by a fixed rule. */
const FIXED =
  /^(_(minus|plus|mul|div|rminus|rdiv|power|maximum|minimum)_scalar|elemwise_(add|sub|mul|div)|broadcast_(add|sub|mul|div|plus|minus)|_Plus|_Minus|_Mul|_Div|_plus|_minus|_copy|identity|BlockGrad|Activation|LeakyReLU|Pooling|Pad|pad|transpose|Reshape|reshape|Flatten|flatten|Concat|concat|Cast|cast|clip|slice|slice_axis|SliceChannel|expand_dims|Dropout|UpSampling|L2Normalization|LRN|InstanceNorm|relu|sigmoid|Crop|space_to_depth|mean|sqrt|square|_contrib_BilinearResize2D|SpatialTransformer|BilinearSampler|GridGenerator|take|gather_nd)$/;
/** Those whose inputs behind the first say where it is read; of a deformable convolution the next one. */
const GUIDED =
  /^(SpatialTransformer|BilinearSampler|take|gather_nd|(_contrib_|_npx_)?(Modulated)?DeformableConvolution)$/;
const MIXES = new Set(['FullyConnected', 'dot', 'batch_dot', 'RNN']);

/**
 * The convolutions of an MXNet `.params` file: by the graph of the `symbol.json` that belongs to it, where it is there,
 * else by names. @throws ModelProblem, FormatProblem
 */
export function readMxnetModel(
  { bytes, name }: ModelFile,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): Omit<ModelTensors, 'file' | 'others'> {
  const arrays = readMxnetParams(bytes, budget);
  budget.charge(8 * OBJECT_BYTES * arrays.length, 'its arrays');
  // "model-0000.params" belongs to "model-symbol.json".
  const stem = name.slice(name.lastIndexOf('/') + 1).replace(/(-\d{4})?\.params$/, '');
  const symbol = fileOf(`${stem}-symbol.json`);
  const graph = symbol === undefined ? undefined : symbolSchema.safeParse(readJson(symbol, budget)).data;
  if (graph !== undefined) {
    const byName = new Map(arrays.map((array) => [array.name.replace(/^(arg|aux):/, ''), array]));
    return { format: 'mxnet', order: 'graph', ...convolutionsOf(symbolNodes(graph.nodes, byName), budget) };
  }
  return {
    format: 'mxnet',
    order: 'names',
    ...convolutionsByName(moduleTensors(arrays), { budget, layout: 'OIHW', ordered: true }),
  };
}

/** "arg:conv0_weight" as "conv0.weight", so that the name gives its module; file order may be any. */
function moduleTensors(arrays: readonly MxnetArray[]): readonly NamedTensor[] {
  const endings = /_(weight|bias|gamma|beta|moving_mean|moving_var|running_mean|running_var)$/;
  const parts = arrays.map(({ name, shape, type, floats }) => {
    const plain = name
      .replace(/^(arg|aux):/, '')
      .replace(endings, '.$1')
      .replace(/\.moving_var$/, '.running_var');
    return { name: plain, shape, type, floats };
  });
  // The statistics come at the end of the file: they go where the other parts of their layer are.
  const layerOf = (name: string) => name.slice(0, name.lastIndexOf('.'));
  const order = [...new Set(parts.map(({ name }) => layerOf(name)))];
  return parts.toSorted((a, b) => order.indexOf(layerOf(a.name)) - order.indexOf(layerOf(b.name)));
}

function symbolNodes(nodes: readonly SymbolNode[], arrays: ReadonlyMap<string, MxnetArray>): readonly ComputeNode[] {
  const fed = new Set(nodes.flatMap(({ inputs }) => inputs.map(([from = -1]) => from)));
  return nodes.map((node, index): ComputeNode => {
    const inputs = node.inputs.flatMap(([from = -1]) => (from >= 0 && from < nodes.length ? from : []));
    const fromOf = (place: number) => nodes[node.inputs[place]?.[0] ?? -1];
    const weights = (place: number) => arrays.get(fromOf(place)?.name ?? '');
    const constant = (place: number) => constantOfNode(fromOf(place), nodes, arrays);
    const role = node.op === 'null' ? variable(node, arrays, fed.has(index)) : roleOf(node, weights);
    const guides = GUIDED.test(node.op) ? inputs.filter((input) => input !== inputs[0]) : [];
    const isNorm = role.kind === 'batch-norm';
    return {
      name: node.name,
      operator: node.op,
      inputs,
      guides,
      role,
      ...(isNorm ? { channelAxis: Number(settingsOf(node).axis ?? 1) } : {}),
      step: (axis, filters) => channelStep(node, constant, axis, filters),
    };
  });
}

/** A weight, a label, or the image. */
function variable({ name }: SymbolNode, arrays: ReadonlyMap<string, MxnetArray>, used: boolean): Role {
  return { kind: used && !arrays.has(name) && !/label|mean|std|_gamma$|_beta$/.test(name) ? 'source' : 'apart' };
}

function roleOf(node: SymbolNode, weights: (place: number) => MxnetArray | undefined): Role {
  const { op } = node;
  if (op === 'Convolution' || op === 'Convolution_v1')
    return { kind: 'convolution', read: () => convolutionOf(node, weights(1)) };
  if (/conv/i.test(op)) return { kind: 'convolution', read: () => ({ why: 'its kind is not read' }) };
  if (/^BatchNorm(_v1)?$/.test(op)) return { kind: 'batch-norm', read: () => batchNormOf(node, weights) };
  return { kind: FIXED.test(op) ? 'fixed' : MIXES.has(op) ? 'mixes' : 'unknown' };
}

function settingsOf({ attrs, attr, param }: SymbolNode): Readonly<Record<string, unknown>> {
  return attrs ?? attr ?? param ?? {};
}

/** Arithmetic on two results, and on one with the number in "scalar"; of "r" the number is the first operand. */
const ARITHMETIC = /^(?:(?:broadcast|elemwise)?_(add|plus|sub|minus|mul|div)|_(r?)(plus|minus|mul|div)_scalar)$/;
const OPERATIONS: Readonly<Record<string, 'add' | 'sub' | 'mul' | 'div'>> = {
  add: 'add',
  plus: 'add',
  sub: 'sub',
  minus: 'sub',
  mul: 'mul',
  div: 'div',
};

/** The effect of arithmetic on the channels of an image, which are on `axis`; undefined where it is not known. */
function channelStep(
  node: SymbolNode,
  constant: (place: number) => Constant | undefined,
  axis: number,
  filters: number,
): ChannelStep | undefined {
  const [, plain, reversed, scalar] = ARITHMETIC.exec(node.op) ?? [];
  const operation = OPERATIONS[plain ?? scalar ?? ''];
  if (operation === undefined) return undefined;
  if (scalar === undefined) return arithmeticStep(operation, [constant(0), constant(1)], axis, filters);
  const number = constantOf([], [Number(settingsOf(node).scalar)]);
  return arithmeticStep(operation, reversed === 'r' ? [number, undefined] : [undefined, number], axis, filters);
}

/** A stored array, also in another shape. */
function constantOfNode(
  node: SymbolNode | undefined,
  nodes: readonly SymbolNode[],
  arrays: ReadonlyMap<string, MxnetArray>,
): Constant | undefined {
  if (node === undefined) return undefined;
  if (/^reshape$/i.test(node.op)) {
    const x = nodes[node.inputs[0]?.[0] ?? -1];
    const found = x?.op === 'null' ? constantOfNode(x, nodes, arrays) : undefined;
    // "(1, -1, 1, 1)": smaller numbers have meanings of their own.
    const sizes =
      String(settingsOf(node).shape ?? '')
        .match(/-?\d+/g)
        ?.map(Number) ?? [];
    return found && sizes.length > 0 && Math.min(...sizes) >= -1 ? reshaped(found, sizes, false) : undefined;
  }
  const array = arrays.get(node.name);
  if (array === undefined || elementCount(array.shape) > MOST_NUMBERS) return undefined;
  const numbers = array.floats();
  return numbers && { shape: array.shape, data: numbers };
}

/** Of the constants of a batch norm. */
const MOST_NUMBERS = 16_384;

function convolutionOf(node: SymbolNode, weight: MxnetArray | undefined): Convolution | Unreadable {
  const { name } = node;
  if (weight === undefined) return { why: 'its kernel is not in the .params file' };
  const { layout = 'NCHW' } = settingsOf(node);
  if (!/^(NCHW|None)$/.test(String(layout))) return { why: `its kernel has the layout ${shown(String(layout))}` };
  const shape = oihwShape(weight.shape);
  const values = weight.floats();
  if (shape === undefined || values === undefined) return { why: `its kernel is [${shown(weight.shape.join(', '))}]` };
  return { name, shape, kernel: fromOihw(values, shape) };
}

/** Inputs: x, gamma, beta, mean, variance. By default gamma is fixed to 1, for any value in the file. */
function batchNormOf(node: SymbolNode, weights: (place: number) => MxnetArray | undefined): NamedBatchNorm | undefined {
  const movingVariance = weights(4)?.floats();
  const settings = settingsOf(node);
  const fixed = !/^(false|0)$/i.test(String(settings.fix_gamma ?? 'True'));
  const gamma = fixed ? movingVariance && new Float32Array(movingVariance.length).fill(1) : weights(1)?.floats();
  if (movingVariance === undefined || gamma === undefined) return undefined;
  const beta = weights(2)?.floats();
  const centre = beta === undefined ? {} : centreOf(gamma.length, beta, weights(3)?.floats());
  return { name: node.name, gamma, movingVariance, epsilon: Number(settings.eps ?? 1e-3), ...centre };
}
