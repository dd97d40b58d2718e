import { expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { readOnnx } from '../../formats/onnx.ts';
import type { OnnxNodeToWrite } from '../../formats/onnx-writer.ts';
import { sampleOnnx } from '../testing/model-samples.ts';
import { normalisationOf } from './onnx-input.ts';

const WEIGHTS: Readonly<Record<string, readonly [number[], number[]]>> = {
  half: [[1], [127.5]],
  by: [[1], [1 / 128]],
  mean: [
    [1, 3, 1, 1],
    [93.6, 104.8, 129.2],
  ],
  unitMean: [
    [1, 3, 1, 1],
    [0.485, 0.456, 0.406],
  ],
  deviation: [
    [1, 3, 1, 1],
    [0.229, 0.224, 0.225],
  ],
  scales: [
    [3, 1, 1, 1],
    [1 / 128, 1 / 127, 1 / 129],
  ],
  swap: [
    [3, 3, 1, 1],
    [0, 0, 1 / 127.5, 0, 1 / 127.5, 0, 1 / 127.5, 0, 0],
  ],
  mix: [
    [3, 3, 1, 1],
    [0.3, 0.6, 0.1, 0, 1 / 127.5, 0, 1 / 127.5, 0, 0],
  ],
  matrix: [
    [3, 3],
    [0, 0, 1 / 128, 1 / 127, 0, 0, 0, 1 / 129, 0],
  ],
  cycle: [[3, 3, 1, 1], [0, 0.1, 0, 0, 0, 0.01, 1, 0, 0].map((weight) => weight / 127.5)],
  weigh: [
    [3, 1],
    [0.299, 0.587, 0.114],
  ],
  evened: [
    [3, 1, 1],
    [10, 100, 1],
  ],
  bytes: [[], [255]],
  one: [[], [1]],
  shifts: [[3], [-1, -1, -1]],
  image: [
    [1, 3, 2, 2],
    [...Array(4).fill(120), ...Array(4).fill(110), ...Array(4).fill(100)],
  ],
  kernel: [[4, 3, 3, 3], Array.from({ length: 108 }, (_, at) => Math.sin(at))],
};

type Node = Pick<OnnxNodeToWrite, 'operator' | 'inputs' | 'output' | 'attributes'>;
const node = (operator: string, inputs: readonly string[], output: string, attributes = {}): Node => ({
  operator,
  inputs,
  output,
  attributes,
});

/** The normalisation of a model whose last node is followed by a convolution. */
function found(...nodes: readonly Node[]) {
  const last = nodes.at(-1)?.output ?? 'data';
  const all = [...nodes, node('Conv', [last, 'kernel'], 'out')];
  const model = readOnnx(
    sampleOnnx({
      nodes: all.map((one, at) => ({ ...one, name: `n${at}` })),
      tensors: new Map(
        Object.entries(WEIGHTS).map(([name, [shape, values]]) => [name, { shape, values: Float32Array.from(values) }]),
      ),
      input: { name: 'data', shape: ['N', 3, 8, 8] },
      output: { name: 'out', shape: ['N', 4, 6, 6] },
    }),
  );
  const split = {
    ...model,
    nodes: model.nodes.map((one) => ({ ...one, outputs: one.outputs.flatMap((name) => name.split(' ')) })),
  };
  return normalisationOf(split, 'data', () => undefined, new Budget(1e6));
}

const TO_ONE = [node('Sub', ['data', 'half'], 'a'), node('Mul', ['a', 'by'], 'b')];

it.each<[string, Node[], string | undefined]>([
  ['nothing', [], undefined],
  ['InsightFace', TO_ONE, '0-255'],
  ['its size read as well', [node('Shape', ['data'], 's'), ...TO_ONE], '0-255'],
  [
    'another size of the image',
    [node('Resize', ['data'], 'data2'), node('Sub', ['data2', 'half'], 'a'), node('Mul', ['a', 'by'], 'b')],
    '0-255',
  ],
  [
    'limits first',
    [node('Clip', ['data'], 'c'), node('Sub', ['c', 'half'], 'a'), node('Mul', ['a', 'by'], 'b')],
    '0-255',
  ],
  ['a mean alone, as Caffe', [node('Sub', ['data', 'mean'], 'a')], '0-255'],
  ['a mean image', [node('Sub', ['data', 'image'], 'a')], '0-255'],
  ['ImageNet', [node('Sub', ['data', 'unitMean'], 'a'), node('Div', ['a', 'deviation'], 'b')], '0-1'],
  [
    'its colours in another order',
    [
      node('Split', ['data'], 'r g b', { axis: 1 }),
      node('Concat', ['b', 'g', 'r'], 'bgr', { axis: 1 }),
      node('Sub', ['bgr', 'half'], 'a'),
      node('Mul', ['a', 'by'], 'c'),
    ],
    '0-255',
  ],
  [
    'each colour apart',
    [
      node('Split', ['data'], 'r g b', { axis: 1 }),
      ...['r', 'g', 'b'].flatMap((name) => [
        node('Sub', [name, 'half'], `${name}1`),
        node('Mul', [`${name}1`, 'by'], `${name}2`),
      ]),
      node('Concat', ['b2', 'g2', 'r2'], 'bgr', { axis: 1 }),
    ],
    '0-255',
  ],
  ['a depthwise convolution', [node('Conv', ['data', 'scales', 'shifts'], 'a', { group: 3 })], '0-255'],
  ['a convolution that swaps colours', [node('Conv', ['data', 'swap', 'shifts'], 'a')], '0-255'],
  [
    'colours of other scales in another order, then made even',
    [node('Conv', ['data', 'cycle'], 'a'), node('Mul', ['a', 'evened'], 'b'), node('Sub', ['b', 'one'], 'c')],
    '0-255',
  ],
  [
    'a limit first',
    [node('Max', ['data', 'one'], 'r'), node('Div', ['r', 'half'], 'a'), node('Sub', ['a', 'one'], 'b')],
    '0-255',
  ],
  ['a convolution that mixes them', [node('Conv', ['data', 'mix', 'shifts'], 'a')], undefined],
  [
    'a product with a matrix',
    [
      node('Transpose', ['data'], 'a', { perm: [0, 2, 3, 1] }),
      node('MatMul', ['a', 'matrix'], 'b'),
      node('Add', ['b', 'shifts'], 'c'),
      node('Transpose', ['c'], 'd', { perm: [0, 3, 1, 2] }),
    ],
    '0-255',
  ],
  [
    'whole numbers first',
    [node('Round', ['data'], 'r'), node('Div', ['r', 'half'], 'a'), node('Sub', ['a', 'one'], 'b')],
    '0-255',
  ],
  ['bytes first, and a mean', [node('Mul', ['data', 'bytes'], 'a'), node('Sub', ['a', 'mean'], 'b')], '0-1'],
  ['bytes first alone', [node('Mul', ['data', 'bytes'], 'a')], '0-1'],
])('%s', (_, nodes, range) => {
  expect(found(...nodes).range).toBe(range);
});

it('of colours that are mixed nobody knows the values, unless they are normalised before', () => {
  const doubt = (name: string) =>
    `"${name}" mixes the colours of the image ahead of the other layers and may normalise them, so that the values that the model takes are not known.`;
  const mixed = node('Conv', ['data', 'mix', 'shifts'], 'a');
  expect(found(mixed)).toEqual({ range: undefined, doubt: doubt('n0') });
  const grey = node('MatMul', ['t', 'weigh'], 'a');
  expect(found(node('Transpose', ['data'], 't', { perm: [0, 2, 3, 1] }), grey).doubt).toBe(doubt('n1'));
  expect(found(...TO_ONE, { ...mixed, inputs: ['b', 'mix', 'shifts'] })).toEqual({ range: '0-255' });
  expect(found(node('Relu', ['data'], 'a'))).toEqual({ range: undefined });
});
