import { expect, test } from 'vitest';
import type { PairSource } from './benchmark-source.ts';
import { fewerPairs } from './fewer-pairs.ts';

/** 60 pairs in ten folds of three same and three different ones; image i is of one pixel of value i. */
function source(): PairSource {
  const left = Int32Array.from({ length: 60 }, (_, pair) => 2 * pair);
  const image = async (index: number) => Uint8Array.of(index, index, index);
  return {
    kind: 'pairs',
    id: 'lfw',
    name: 'lfw.bin',
    origin: { kind: 'file', file: 'lfw.bin' },
    imageCount: 120,
    size: 1,
    region: 'full',
    pairs: {
      left,
      right: left.map((one) => one + 1),
      same: Uint8Array.from({ length: 60 }, (_, pair) => (pair % 6 < 3 ? 1 : 0)),
      identities: { left, right: left.map((one) => one + 1) },
    },
    image,
    chunks: () => expect.fail('all images are read'),
  };
}

test('a part of the pairs keeps the balance of every fold, and reads its own images alone', async () => {
  const part = fewerPairs(source(), 20);
  const { left, right, same, identities } = part.pairs;
  expect([same.length, same.reduce((sum, one) => sum + one, 0), part.imageCount]).toEqual([20, 10, 40]);
  for (let fold = 0; fold < 10; fold++) expect([...same.subarray(2 * fold, 2 * fold + 2)].sort()).toEqual([0, 1]);
  const read: number[] = [];
  for await (const { images, count } of part.chunks()) {
    for (let row = 0; row < count; row++) read.push(images[3 * row] ?? -1);
  }
  // Each pair shows the two images that it had.
  for (const pair of same.keys()) {
    const [one, other] = [read[left[pair] ?? 0], read[right[pair] ?? 0]];
    expect([one, other]).toEqual([identities?.left[pair], identities?.right[pair]]);
  }
  expect(new Set(read).size).toBe(40);
  expect((await part.image(3))[0]).toBe(read[3]);
});

test('a source with no more pairs stays as it is', () => {
  const all = source();
  expect(fewerPairs(all, 60)).toBe(all);
});
