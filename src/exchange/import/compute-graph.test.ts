import { expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { type ComputeNode, convolutionsOf } from './compute-graph.ts';

type Shape = readonly [number, number, number, number];

function node(
  name: string,
  kind: ComputeNode['role']['kind'],
  inputs: readonly number[],
  guides: readonly number[] = [],
) {
  return (shape: Shape = [3, 3, 3, 8]): ComputeNode => {
    const kernel = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(1);
    const role: ComputeNode['role'] =
      kind === 'convolution'
        ? { kind, read: () => ({ name, shape, kernel }) }
        : kind === 'batch-norm'
          ? { kind, read: () => undefined }
          : { kind };
    return { name, operator: name, inputs, guides, role };
  };
}

/** A convolution with these weights, in the order height, width, channels, filters. */
function filter(name: string, input: number, shape: Shape, weights: readonly number[], groups?: number): ComputeNode {
  const grouped = groups === undefined ? {} : { groups };
  const read = () => ({ name, shape, kernel: Float32Array.from(weights), ...grouped });
  return { name, operator: 'Conv', inputs: [input], role: { kind: 'convolution', read } };
}

const image = node('image', 'source', [])();
const found = (nodes: readonly ComputeNode[]) => {
  const { convolutions, first, alsoFirst } = convolutionsOf(nodes, new Budget(1e7));
  return [convolutions[first]?.name, alsoFirst];
};

it('layers that say where the image is read are not the first', () => {
  const nodes = [
    image,
    node('loc', 'convolution', [0])(),
    node('theta', 'mixes', [1])(),
    node('sampler', 'fixed', [0, 2], [2])(),
    node('main', 'convolution', [3])(),
    // A second look within the network leaves its first layer the first.
    node('inner', 'convolution', [4])([3, 3, 8, 8]),
    node('again', 'fixed', [4, 5], [5])(),
    node('last', 'convolution', [6])([3, 3, 8, 8]),
  ];
  expect(found(nodes)).toEqual(['main', ['loc']]);
  expect(() => found(nodes.slice(0, 4))).toThrow(
    /"loc" \(loc\), cannot be read: its result says where the image is read/,
  );
});

it('of two networks in one graph, each with an image of its own, the first layer may be either', () => {
  const crop = node('crop', 'source', [])();
  const detector = filter('detector', 0, [3, 3, 3, 1], Array(27).fill(0.5));
  const recogniser = filter('recogniser', 1, [3, 3, 3, 1], Array(27).fill(0.25));
  const doubt = (...nodes: readonly ComputeNode[]) => convolutionsOf([image, crop, ...nodes], new Budget(1e7)).doubt;
  expect(doubt(detector, recogniser)).toBe(
    'The first layer may be another one: "recogniser" takes an image as well, of another input or for results of its own.',
  );
  expect(doubt(detector, { ...recogniser, inputs: [0] })).toContain('"recogniser" takes an image as well');
  // A network that compares two images has the same weights for both; two branches of one network meet.
  expect(doubt(detector, { ...detector, name: 'again', inputs: [1] })).toBeUndefined();
  expect(doubt(detector, { ...recogniser, inputs: [0] }, node('sum', 'fixed', [2, 3])())).toBeUndefined();
});

it('an offset of a deformable convolution is not the first layer', () => {
  const nodes = [image, node('offset', 'convolution', [0])(), node('deform', 'convolution', [0, 1], [1])()];
  expect(found(nodes)).toEqual(['deform', ['offset']]);
});

it('the size of a result says nothing of the image', () => {
  const nodes = [
    image,
    node('first', 'convolution', [0])(),
    node('size', 'apart', [1])(),
    node('resized', 'fixed', [0, 2], [2])(),
    node('beside', 'convolution', [3])(),
  ];
  expect(found(nodes)).toEqual(['first', ['beside']]);
});

it('an unknown operation that takes the image, beside another result or alone, ends the search', () => {
  const warp = node('warp', 'unknown', [0, 1])();
  const conv = node('loc', 'convolution', [0])();
  const main = node('main', 'convolution', [2])();
  expect(() => found([image, conv, warp, main])).toThrow(/The operator "warp" \("warp"\) takes the image/);
  expect(() => found([image, conv, node('warp', 'unknown', [0])(), main])).toThrow(/takes the image/);
  // Behind the first layer it is of no matter.
  expect(found([image, conv, node('warp', 'unknown', [1])(), main])).toEqual(['loc', []]);
});

const binomial = [1, 2, 1, 2, 4, 2, 1, 2, 1].map((weight) => weight / 16);
const forThree = (kernel: readonly number[]) => kernel.flatMap((weight) => [weight, weight, weight]);
const sharp = [0, -1, 0, -1, 5, -1, 0, -1, 0];
/** To the right and down, side by side; a third of it rounds. */
const sobel = [1, 1, 0, 2, -1, 1, 2, 0, 0, 0, -2, 0, 1, -1, 0, -2, -1, -1].map((weight) => Math.fround(weight / 3));
const laplace = [1, 1, 1, 1, -8, 1, 1, 1, 1];
/** A dense kernel that blurs each of two channels. */
const diagonal = binomial.flatMap((weight) => [weight, 0, 0, weight]);
/** Pixels of a row side by side as channels: [1, 2, 3, 6], one weight of 1 in each filter. */
const moved = Array.from({ length: 36 }, (_, at) => (Math.floor(at / 6) === at % 6 ? 1 : 0));
const half = (weight: number, at: number) => (at % 2 === 0 ? weight : 0);
/** Half precision: the sum is not 1 exactly. */
const rounded = forThree(binomial.map((weight) => weight * 1.0004));

it.each<[string, ComputeNode, string]>([
  ['a blur of each channel', filter('before', 1, [3, 3, 1, 3], forThree(binomial), 3), 'a fixed blur'],
  ['a blur in half precision', filter('before', 1, [3, 3, 1, 3], rounded, 3), 'a fixed blur'],
  ['a blur whose format names no groups', filter('before', 1, [3, 3, 1, 3], forThree(binomial)), 'a fixed blur'],
  ['a blur of one channel', filter('before', 1, [3, 3, 1, 1], binomial, 1), 'a fixed blur'],
  ['a blur as a dense kernel', filter('before', 1, [3, 3, 2, 2], diagonal, 1), 'a fixed blur'],
  ['pixels in another place', filter('before', 1, [1, 2, 3, 6], moved, 1), 'a convolution that only moves pixels'],
  ['a filter that sharpens each channel', filter('before', 1, [3, 3, 1, 3], forThree(sharp), 3), 'a fixed filter'],
  [
    'two filters, the same for each channel',
    filter('before', 1, [1, 2, 1, 4], [1, 1, 1, 1, 1, -1, 1, -1], 2),
    'a fixed filter',
  ],
  ['Sobel of one channel', filter('before', 1, [3, 3, 1, 2], sobel, 1), 'a fixed filter'],
  ['Laplace of three channels', filter('before', 1, [3, 3, 3, 1], forThree(laplace), 1), 'a fixed filter'],
  ['other colours', filter('before', 1, [1, 1, 3, 3], forThree([1, 2, 3]), 1), 'a 1 × 1 convolution to 3 colours'],
])('%s ahead of the first layer is not judged, and named', (_, before, words) => {
  const nodes = [image, node('scaled', 'fixed', [0])(), before, node('main', 'convolution', [2])()];
  expect(found(nodes)).toEqual(['main', []]);
  const { passed } = convolutionsOf(nodes, new Budget(1e7));
  expect(passed).toMatch(/^The image passes "before" \(.*\) first, which is not judged\.$/);
  expect(passed).toContain(words);
  expect(() => found(nodes.slice(0, 3))).toThrow(/The first layer cannot be found: "before" is a/);
});

it.each<[string, ComputeNode]>([
  ['of zeros', filter('first', 1, [3, 3, 1, 3], forThree(binomial.map(() => 0)), 3)],
  ['that differs by channel', filter('first', 1, [3, 3, 1, 3], [...forThree(binomial).slice(1), 0.07], 3)],
  ['of one channel with other weights', filter('first', 1, [3, 3, 1, 1], sharp, 1)],
  [
    'of one weight each that is not 1',
    filter(
      'first',
      1,
      [1, 2, 3, 6],
      moved.map((weight) => weight / 2),
      1,
    ),
  ],
  ['of one weight, and one of zeros', filter('first', 1, [1, 2, 3, 6], [...moved.slice(0, -1), 0], 1)],
  ['of several filters of one channel', filter('first', 1, [3, 3, 1, 3], forThree(binomial), 1)],
  ['of small whole numbers, and one of zeros', filter('first', 1, [3, 3, 1, 2], sobel.map(half), 1)],
  ['that nearly sums to zero', filter('first', 1, [3, 3, 1, 1], [...laplace.slice(1), 1.01], 1)],
  [
    'that mixes channels',
    filter(
      'first',
      1,
      [3, 3, 2, 2],
      binomial.flatMap((weight) => [weight, 0.1, 0, weight]),
      1,
    ),
  ],
])('a filter %s is the first layer', (_, first) => {
  const nodes = [image, node('scaled', 'fixed', [0])(), first, node('main', 'convolution', [2])()];
  expect(found(nodes)).toEqual(['first', []]);
  expect(convolutionsOf(nodes, new Budget(1e7)).passed).toBeUndefined();
});

it('an attention of one filter that weighs the image is passed, and named', () => {
  const nodes = [
    image,
    node('attention', 'convolution', [0])([7, 7, 3, 1]),
    node('sigmoid', 'fixed', [1])(),
    node('product', 'fixed', [0, 2])(),
    node('stem', 'convolution', [3])(),
  ];
  expect(found(nodes)).toEqual(['stem', []]);
  expect(convolutionsOf(nodes, new Budget(1e7)).passed).toMatch(/^The image passes "attention" \(an attention: /);
  // Within the network a first layer of one filter is the first.
  expect(
    found([image, node('one', 'convolution', [0])([3, 3, 3, 1]), node('two', 'convolution', [1])([3, 3, 1, 8])]),
  ).toEqual(['one', []]);
});
