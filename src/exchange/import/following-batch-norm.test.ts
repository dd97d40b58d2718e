import { expect, it } from 'vitest';
import { foldingFactors } from '../../craft/activity.ts';
import { Budget } from '../../formats/budget.ts';
import { readOnnx } from '../../formats/onnx.ts';
import type { OnnxNodeToWrite } from '../../formats/onnx-writer.ts';
import { sampleOnnx } from '../testing/model-samples.ts';
import { convolutionsOf } from './compute-graph.ts';
import { remarksOn } from './model-tensors.ts';
import { OnnxConstants } from './onnx-constants.ts';
import { onnxNodes, readOnnxModel } from './onnx-model.ts';

const FILTERS = 4;
const wave = (count: number) => Array.from({ length: count }, (_, at) => Math.sin(at + 1));
const TENSORS: Readonly<Record<string, readonly [number[], number[]]>> = {
  kernel: [[FILTERS, 3, 3, 3], wave(108)],
  next: [[2, FILTERS, 1, 1], wave(8)],
  gamma: [[FILTERS], [0, 2, 0, 4]],
  beta: [[FILTERS], [1, 1, 1, 1]],
  mean: [[FILTERS], [1, 2, 3, 4]],
  variance: [[FILTERS], [1, 4, 1, 4]],
  bias: [
    [FILTERS, 1, 1],
    [0.5, 0.5, 0.5, 0.5],
  ],
  scale: [
    [1, FILTERS, 1, 1],
    [0, 2, 0, 4],
  ],
  last: [[FILTERS], [0, 2, 0, 4]],
  two: [[], [2]],
  size: [[4], [1, FILTERS, 6, 6]],
  zero: [[1], [0]],
  four: [[1], [FILTERS]],
  three: [[1], [3]],
  one: [[1], [1]],
};

type Node = Pick<OnnxNodeToWrite, 'operator' | 'inputs' | 'output' | 'attributes'>;
const node = (operator: string, inputs: readonly string[], output: string, attributes = {}): Node => ({
  operator,
  inputs,
  output,
  attributes,
});
const norm = (input: string, output = 'normed') =>
  node('BatchNormalization', [input, 'gamma', 'beta', 'mean', 'variance'], output);

const numbers = (names: readonly string[]) =>
  names.map((name) => {
    const [shape, values] = TENSORS[name] ?? expect.fail(`no ${name}`);
    return [name, { shape, values: Float32Array.from(values) }] as const;
  });

/** Without a batch norm's epsilon. */
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(1000 * value) / 1000);

/** The first layer, with these nodes between it and the next convolution; "c" is its result. */
function first(...nodes: readonly Node[]) {
  const last = nodes.at(-1)?.output ?? 'c';
  const all = [node('Conv', ['data', 'kernel'], 'c'), ...nodes, node('Conv', [last, 'next'], 'out')];
  const bytes = sampleOnnx({
    nodes: all.map((one, at) => ({ ...one, name: `${one.operator} ${at}` })),
    tensors: new Map(numbers(Object.keys(TENSORS))),
    input: { name: 'data', shape: [1, 3, 8, 8] },
    output: { name: 'out', shape: [1, 2, 6, 6] },
  });
  const model = readOnnxModel(bytes, () => undefined, new Budget(1e7));
  const { batchNorm, unreadNorm } = model.convolutions[model.first] ?? {};
  const { movingMean = [], beta = [] } = batchNorm?.centre ?? {};
  return {
    name: batchNorm?.name,
    factors: batchNorm === undefined ? undefined : rounded(foldingFactors(FILTERS, batchNorm)),
    mean: rounded(movingMean),
    beta: rounded(beta),
    unreadNorm,
    remarks: remarksOn(model, model.first).remarks,
  };
}

const NHWC = { perm: [0, 2, 3, 1] };
const NCHW = { perm: [0, 3, 1, 2] };

it.each<[string, Node[], number]>([
  ['nothing', [norm('c')], 0],
  ['a bias', [node('Add', ['c', 'bias'], 'a'), norm('a')], 0.5],
  ['a bias in front', [node('Add', ['bias', 'c'], 'a'), norm('a')], 0.5],
  ['a bias that is taken off', [node('Sub', ['c', 'bias'], 'a'), norm('a')], -0.5],
  ['a dropout', [node('Dropout', ['c'], 'a'), norm('a')], 0],
  ['its size read as well', [node('Shape', ['c'], 's'), norm('c')], 0],
  [
    'axes turned there and back',
    [node('Transpose', ['c'], 'a', NHWC), node('Transpose', ['a'], 'b', NCHW), norm('b')],
    0,
  ],
  ['a join of one', [node('Concat', ['c'], 'a', { axis: 1 }), norm('a')], 0],
  ['the same shape', [node('Reshape', ['c', 'size'], 'a'), norm('a')], 0],
  ['pooling', [node('MaxPool', ['c'], 'a', { kernel_shape: [2, 2] }), norm('a')], 0],
  ['a part of the image', [node('Slice', ['c', 'zero', 'three', 'three'], 'a'), norm('a')], 0],
  ['all channels', [node('Slice', ['c', 'zero', 'four', 'one'], 'a'), norm('a')], 0],
])('the batch norm is found behind %s', (_, nodes, shift) => {
  const found = first(...nodes);
  expect(found.name).toMatch(/^BatchNormalization/);
  expect(found.factors).toEqual([0, 1, 0, 2]);
  expect(found.mean).toEqual([1, 2, 3, 4].map((mean) => mean - shift));
  expect(found.beta).toEqual([1, 1, 1, 1]);
  expect(found.unreadNorm).toBeUndefined();
});

it('a batch norm that is written as arithmetic is read as one', () => {
  const added = first(node('Mul', ['c', 'scale'], 'a'), node('Add', ['a', 'bias'], 'b'));
  expect(added).toMatchObject({ name: 'Mul 1', factors: [0, 2, 0, 4], beta: [0.5, 0.5, 0.5, 0.5], mean: [0, 0, 0, 0] });
  const whole = first(
    node('Sub', ['c', 'bias'], 'a'),
    node('Div', ['a', 'two'], 'b'),
    node('Mul', ['b', 'scale'], 'd'),
    node('Add', ['d', 'bias'], 'e'),
  );
  expect(whole).toMatchObject({ name: 'Mul 3', factors: [0, 1, 0, 2], beta: [0.5, 0, 0.5, -0.5] });
  const last = first(
    node('Transpose', ['c'], 'a', NHWC),
    node('Mul', ['a', 'last'], 'b'),
    node('Transpose', ['b'], 'd', NCHW),
  );
  expect(last).toMatchObject({ name: 'Mul 2', factors: [0, 2, 0, 4] });
  // Numbers that are worked out.
  const worked = first(node('Add', ['scale', 'scale'], 's'), node('Neg', ['s'], 'n'), node('Mul', ['c', 'n'], 'a'));
  expect(worked).toMatchObject({ name: 'Mul 3', factors: [0, 4, 0, 8] });
  // One that is written as arithmetic, then another behind an activation.
  const both = first(node('Mul', ['c', 'scale'], 'a'), node('Relu', ['a'], 'r'), norm('r'));
  expect(both).toMatchObject({ name: 'Mul 1', factors: [0, 2, 0, 4], unreadNorm: 'BatchNormalization 3' });
  // Behind a factor, a batch norm holds both.
  const scaled = first(node('Mul', ['c', 'two'], 'a'), node('Add', ['a', 'bias'], 'b'), norm('b'));
  expect(scaled).toMatchObject({ factors: [0, 2, 0, 4], mean: [0, 0, 0, 0], beta: [1, -0.5, 1, -6] });
});

it.each<[string, Node[]]>([
  ['a bias and one factor', [node('Add', ['c', 'bias'], 'a'), node('Mul', ['a', 'two'], 'b')]],
  ['another axis', [node('Mul', ['c', 'last'], 'a')]],
  ['a second taker', [node('Relu', ['c'], 'r'), node('Mul', ['c', 'scale'], 'a'), node('Add', ['a', 'r'], 'b')]],
  ['the layer itself', [node('Sigmoid', ['c'], 's'), node('Mul', ['c', 's'], 'a')]],
])('%s is no batch norm', (_, nodes) => {
  expect(first(...nodes)).toMatchObject({ name: undefined, unreadNorm: undefined, remarks: [] });
});

it.each<[string, Node[], string | undefined, string]>([
  ['behind an activation', [node('Relu', ['c'], 'a'), norm('a')], undefined, 'BatchNormalization 2'],
  ['behind another', [norm('c', 'a'), norm('a')], 'BatchNormalization 1', 'BatchNormalization 2'],
  ['with axes turned', [node('Transpose', ['c'], 'a', NHWC), norm('a')], undefined, 'BatchNormalization 2'],
  ['as a product', [norm('c', 'a'), node('Mul', ['a', 'scale'], 'b')], 'BatchNormalization 1', 'Mul 2'],
  [
    'as a product behind an activation',
    [node('Relu', ['c'], 'a'), node('Div', ['a', 'scale'], 'b')],
    undefined,
    'Div 2',
  ],
])('a batch norm %s is named as not folded in', (_, nodes, name, unreadNorm) => {
  const remarks = [`"${unreadNorm}" behind it scales its filters, and is not folded in.`];
  expect(first(...nodes)).toMatchObject({ name, unreadNorm, remarks });
});

it('a batch norm behind the activation that ONNX Runtime puts into a convolution is named as not folded in', () => {
  const budget = new Budget(1e7);
  const weights = { shape: [FILTERS, 3, 3, 3], values: Float32Array.from(wave(108)) };
  const tensors = new Map([['kernel', weights] as const, ...numbers(['gamma', 'beta', 'mean', 'variance'])]);
  const nodes = [
    { ...node('Conv', ['data', 'kernel'], 'c'), name: 'c' },
    { ...norm('c', 'b'), name: 'n' },
  ];
  const model = readOnnx(sampleOnnx({ nodes, tensors, input: { name: 'data', shape: [1, 3, 8, 8] } }), budget);
  const fused = (
    activation: readonly [string, { readonly text: string; readonly ints: []; readonly floats: [] }][],
  ) => {
    const own = { domain: 'com.microsoft', operator: 'FusedConv', attributes: new Map(activation) };
    const changed = { ...model, nodes: model.nodes.map((one) => (one.operator === 'Conv' ? { ...one, ...own } : one)) };
    const constants = new OnnxConstants(changed, () => undefined, budget);
    const { batchNorm, unreadNorm } = convolutionsOf(onnxNodes(changed, constants), budget).convolutions[0] ?? {};
    return [batchNorm?.name, unreadNorm];
  };
  expect(fused([])).toEqual(['n', undefined]);
  expect(fused([['activation', { text: 'Relu', ints: [], floats: [] }]])).toEqual([undefined, 'n']);
});
