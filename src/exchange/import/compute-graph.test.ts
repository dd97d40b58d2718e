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
