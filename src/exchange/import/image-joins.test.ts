import { expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { type ComputeNode, convolutionsOf } from './compute-graph.ts';

const image: ComputeNode = { name: 'image', operator: 'Input', inputs: [], role: { kind: 'source' } };

function layer(name: string, input: number, channels: number, filters: number, side = 3): ComputeNode {
  const shape = [side, side, channels, filters] as const;
  const kernel = Float32Array.from({ length: side * side * channels * filters }, (_, at) => Math.sin(at + 1));
  return {
    name,
    operator: 'Conv',
    inputs: [input],
    role: { kind: 'convolution', read: () => ({ name, shape, kernel }) },
  };
}

function step(operator: string, ...inputs: readonly number[]): ComputeNode {
  return { name: operator, operator, inputs, role: { kind: 'fixed' } };
}

function found(...nodes: readonly ComputeNode[]) {
  const { convolutions, first, alsoFirst, passed, doubt } = convolutionsOf([image, ...nodes], new Budget(1e7));
  return { first: convolutions[first]?.name, alsoFirst, passed, doubt };
}

const squeeze = [step('GlobalAveragePool', 0), layer('squeeze', 1, 3, 8, 1), step('Relu', 2)];
const excited = [...squeeze, layer('excite', 3, 8, 3, 1), step('Sigmoid', 4), step('Mul', 0, 5)];

it.each([['Mul'], ['MUL'], ['Multiply'], ['broadcast_mul']])(
  'layers that weigh the image by %s are passed, and named',
  (product) => {
    const attention = [...excited.slice(0, -1), step(product, 0, 5)];
    expect(found(...attention, layer('stem', 6, 3, 16))).toEqual({
      first: 'stem',
      alsoFirst: [],
      passed: 'The image passes "squeeze" (an attention: its result weighs the image) first, which is not judged.',
      doubt: undefined,
    });
  },
);

it('a layer whose result weighs the image is the first where nothing follows, or where it is used otherwise too', () => {
  expect(found(...excited)).toMatchObject({ first: 'squeeze', passed: undefined });
  const shared = [layer('shared', 0, 3, 8), layer('gate', 1, 8, 3), step('Mul', 0, 2), layer('stem', 3, 3, 16)];
  expect(found(...shared).first).toBe('stem');
  // The network takes its result as well.
  expect(found(...shared, step('Concat', 1, 4))).toMatchObject({ first: 'shared', alsoFirst: ['stem'] });
  const dense: ComputeNode = { name: 'dense', operator: 'Gemm', inputs: [3], role: { kind: 'mixes' } };
  expect(() => found(...shared.slice(0, 3), dense)).toThrow('The first layer, "dense", is Gemm');
});

it('the result of a first layer that is masked by the image stays one', () => {
  const mask = [layer('first', 0, 3, 16), step('Greater', 0), step('Mul', 1, 2), layer('second', 3, 16, 16)];
  expect(found(...mask)).toEqual({ first: 'first', alsoFirst: [], passed: undefined, doubt: undefined });
});

it('where a result like an image is added to the image, the layer behind may be the first', () => {
  const enhanced = [layer('a', 0, 3, 8), step('Relu', 1), layer('b', 2, 8, 3), step('Sub', 0, 3), step('Clip', 4)];
  expect(found(...enhanced, layer('stem', 5, 3, 16))).toEqual({
    first: 'a',
    alsoFirst: ['stem'],
    passed: undefined,
    doubt: 'The first layer may be another one: "stem" takes the image as well, joined with the result of a layer.',
  });
  // Nothing takes it: the network makes images.
  expect(found(...enhanced).doubt).toBeUndefined();
  // Channels that are not known may be those of an image.
  const shuffled = [...enhanced.slice(0, 3), step('DepthToSpace', 3), step('Add', 0, 4), layer('stem', 5, 3, 16)];
  expect(found(...shuffled).doubt).toContain('"stem" takes the image');
});

it('a layer that takes the image beside many channels of another is named, without a doubt', () => {
  const initial = [layer('first', 0, 3, 13), step('MaxPool', 0), step('Concat', 1, 2), step('PRelu', 3)];
  expect(found(...initial, layer('second', 4, 16, 16))).toMatchObject({
    first: 'first',
    alsoFirst: ['second'],
    doubt: undefined,
  });
  const few = [layer('first', 0, 3, 3), step('Concat', 0, 1), layer('second', 2, 6, 16)];
  expect(found(...few).doubt).toContain('"second" takes the image');
});
