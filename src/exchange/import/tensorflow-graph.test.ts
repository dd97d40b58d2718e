import { expect, it } from 'vitest';
import { foldingFactors } from '../../craft/activity.ts';
import { Budget } from '../../formats/budget.ts';
import { convolutionsOf } from './compute-graph.ts';
import type { NamedTensor } from './model-tensors.ts';
import { graphNodes } from './tensorflow-graph.ts';
import type { GraphNode } from './tensorflow-node.ts';

const FILTERS = 4;

function tensor(name: string, shape: readonly number[], values: readonly number[]): NamedTensor {
  return { name, shape, type: 'F32', floats: () => Float32Array.from(values) };
}

function wholes(name: string, ...values: readonly number[]): NamedTensor {
  return {
    name,
    shape: [values.length],
    type: 'I32',
    floats: () => undefined,
    wholes: () => Float64Array.from(values),
  };
}

const wave = (count: number) => Array.from({ length: count }, (_, at) => Math.sin(at + 1));
const WEIGHTS = new Map(
  [
    tensor('kernel', [3, 3, 3, FILTERS], wave(108)),
    tensor('next', [1, 1, FILTERS, 2], wave(8)),
    tensor('gamma', [FILTERS], [0, 2, 0, 4]),
    tensor('beta', [FILTERS], [1, 1, 1, 1]),
    tensor('mean', [FILTERS], [1, 2, 3, 4]),
    tensor('variance', [FILTERS], [1, 4, 1, 4]),
    tensor('none', [], [0]),
    tensor('tall', [FILTERS, 1, 1], [0, 2, 0, 4]),
    wholes('to NCHW', 0, 3, 1, 2),
    wholes('yes', 1),
    wholes('sizes', 1, 1, 1, -1),
  ].map((one) => [one.name, one]),
);

const node = (name: string, op: string, input: readonly string[], attr = {}): GraphNode => ({ name, op, input, attr });
const text = (...texts: readonly string[]) => ({ list: { s: texts.map(btoa) } });
const NCHW = { data_format: { s: btoa('NCHW') } };
const norm = (name: string, from: string, attr = {}) =>
  node(name, 'FusedBatchNormV3', [from, 'gamma', 'beta', 'mean', 'variance'], { epsilon: { f: 0 }, ...attr });
/** Batch norm as TensorFlow takes it apart. */
const apart = (from: string) => [
  node('add', 'AddV2', ['variance', 'none']),
  node('root', 'Rsqrt', ['add']),
  node('read', 'Identity', ['gamma']),
  node('factor', 'Mul', ['root', 'read']),
  node('scaled', 'Mul', [from, 'factor']),
  node('away', 'Mul', ['mean', 'factor']),
  node('shift', 'Sub', ['beta', 'away']),
  node('normed', 'AddV2', ['scaled', 'shift']),
];

/** The first layer, with these nodes between it and the next convolution, which takes the last one; "c" is its result. */
function first(nodes: readonly GraphNode[], { attr = {}, op = 'Conv2D' } = {}) {
  const graph = [
    node('image', 'Placeholder', []),
    ...[...WEIGHTS.keys()].map((name) => node(name, 'Const', [])),
    node('c', op, ['image', 'kernel'], attr),
    ...nodes,
    node('out', 'Conv2D', [nodes.at(-1)?.name ?? 'c', 'next']),
  ];
  const budget = new Budget(1e7);
  const found = convolutionsOf(
    graphNodes(graph, (name) => WEIGHTS.get(name), budget),
    budget,
  );
  const { name, batchNorm, unreadNorm } = found.convolutions[found.first] ?? {};
  const { beta = [], movingMean = [] } = batchNorm?.centre ?? {};
  const factors = batchNorm && [...foldingFactors(FILTERS, batchNorm)];
  return {
    layer: name,
    name: batchNorm?.name,
    factors,
    unreadNorm,
    beta: Array.from(beta),
    mean: Array.from(movingMean),
  };
}

it('a batch norm that is taken apart is read as one', () => {
  const found = { layer: 'c', factors: [0, 1, 0, 2], unreadNorm: undefined };
  expect(first([norm('norm', 'c')])).toMatchObject({ ...found, name: 'norm' });
  expect(first(apart('c'))).toMatchObject({ ...found, name: 'scaled', beta: [1, -1, 1, -7] });
  // Without gamma.
  const factors = [1, 0.5, 1, 0.5];
  const plain = apart('c').map((one) => (one.name === 'factor' ? node('factor', 'Identity', ['root']) : one));
  expect(first(plain)).toMatchObject({ name: 'scaled', factors });
});

it('channels may be on any axis', () => {
  expect(first([node('m', 'Mul', ['c', 'tall'])], { attr: NCHW })).toMatchObject({ name: 'm', factors: [0, 2, 0, 4] });
  expect(first([node('m', 'Mul', ['c', 'gamma'])], { attr: NCHW })).toMatchObject({ name: undefined });
  expect(first([node('t', 'Transpose', ['c', 'to NCHW']), norm('n', 't', NCHW)])).toMatchObject({ name: 'n' });
  expect(first([node('t', 'Transpose', ['c', 'to NCHW']), norm('n', 't')])).toMatchObject({ unreadNorm: 'n' });
  expect(first([node('r', 'Reshape', ['gamma', 'sizes']), node('m', 'Mul', ['r', 'c'])])).toMatchObject({ name: 'm' });
});

it('a batch norm behind an activation is named as not folded in', () => {
  const activated = { op: '_FusedConv2D', attr: { fused_ops: text('BiasAdd', 'Relu') } };
  expect(first([norm('n', 'c')], activated)).toMatchObject({ name: undefined, unreadNorm: 'n' });
  expect(first(apart('c'), activated)).toMatchObject({ name: undefined, unreadNorm: 'scaled' });
  expect(first([norm('n', 'c')], { op: '_FusedConv2D', attr: { fused_ops: text('BiasAdd') } }).name).toBe('n');
});

/** One of two batch norms, as slim's smart_cond writes it. */
const branches = (predicate: string) => [
  node('cond/pred_id', 'Identity', [predicate]),
  node('cond/Switch', 'Switch', [predicate, predicate]),
  node('cond/switch_t', 'Identity', ['cond/Switch:1']),
  node('cond/moments', 'Mean', ['c']),
  node('cond/one', 'Switch', ['c', 'cond/pred_id']),
  node('cond/one/moments', 'Switch', ['cond/moments', 'cond/pred_id']),
  node('cond/update', 'NoOp', ['^cond/switch_t']),
  norm('trained', 'cond/one:1'),
  node('kept', 'Identity', ['trained', '^cond/update']),
  node('cond/other', 'Switch', ['c', 'cond/pred_id']),
  node('cond/other/gamma', 'Switch', ['gamma', 'cond/pred_id']),
  norm('used', 'cond/other'),
  node('with moments', 'Add', ['kept', 'cond/one/moments:1']),
  node('merged', 'Merge', ['used', 'with moments']),
];

it('of the branches for training and for use the one for use is followed', () => {
  const phase = node('phase_train', 'Placeholder', []);
  expect(first([phase, ...branches('phase_train')])).toMatchObject({ layer: 'c', name: 'used', factors: [0, 1, 0, 2] });
  expect(first(branches('yes'))).toMatchObject({ name: undefined, unreadNorm: undefined });
  const chosen = node('chosen', 'Placeholder', []);
  // Nobody knows which is used.
  expect(first([chosen, ...branches('chosen')])).toMatchObject({ name: undefined });
});

it('a batch norm that was left in training has no statistics', () => {
  const graph = [node('none yet', 'Const', []), node('n', 'FusedBatchNorm', ['c', 'gamma', 'beta', 'none', 'none'])];
  expect(first(graph)).toMatchObject({ name: undefined, unreadNorm: 'n' });
});

it('the queue of training hands out the images', () => {
  const budget = new Budget(1e7);
  const graph = [
    node('queue', 'FIFOQueueV2', []),
    node('batch_size', 'Placeholder', []),
    node('batch_join', 'QueueDequeueUpToV2', ['queue', 'batch_size']),
    node('input', 'Identity', ['batch_join']),
    node('kernel', 'Const', []),
    node('c', 'Conv2D', ['input', 'kernel']),
  ];
  const nodes = graphNodes(graph, (name) => WEIGHTS.get(name), budget);
  expect(convolutionsOf(nodes, budget).convolutions[0]?.name).toBe('c');
});
