import { expect, test } from 'vitest';
import { drawingOrder, trainingData } from './data.ts';
import { TINY_CONFIG } from './testing/run-events.ts';
import { tinyFaces } from './testing/tiny-faces.ts';

const faces = tinyFaces();
const data = (seeds: Partial<typeof TINY_CONFIG>) => {
  const { batches, pairs } = trainingData(faces, { ...TINY_CONFIG, ...seeds });
  // Person and mirroring of the first batch; people by their test.
  return {
    batch: [...batches.at(0).labels, ...batches.at(0).placement],
    left: [...pairs.left],
    right: [...pairs.right],
  };
};
const heldOut = ({ left, right }: ReturnType<typeof data>) =>
  new Set([...left, ...right].map((face) => faces.labels[face]));

test('another seed is judged on the same pairs of the same people, in another order of batches', () => {
  const [one, other] = [data({ seed: 1 }), data({ seed: 2 })];
  expect(other.batch).not.toEqual(one.batch);
  expect([other.left, other.right]).toEqual([one.left, one.right]);
});

test('the seed of the split holds other people out, that of the test draws other pairs of the same', () => {
  const [one, split, tested] = [data({}), data({ splitSeed: 3 }), data({ testSeed: 2 })];
  expect(heldOut(split)).not.toEqual(heldOut(one));
  expect(tested.left).not.toEqual(one.left);
  expect(heldOut(tested)).toEqual(heldOut(one));
  expect(tested.batch).toEqual(one.batch);
});

test('faces are wanted batch by batch, then in longer groups, and those of a test before it', () => {
  const config = { ...TINY_CONFIG, batchSize: 4, steps: 100, verifyEvery: 5 };
  const wanted = trainingData(faces, config);
  const { batches, pairs } = wanted;
  expect(batches.batchesPerEpoch).toBe(15);
  const batchesAt = (first: number, last = first) =>
    Array.from({ length: last - first + 1 }, (_, at) => [...batches.imagesAt(first + at)]).flat();
  const groupsAt = (step: number, verifyEvery = 5) =>
    drawingOrder(wanted, { ...config, verifyEvery }, step).map((group) => [...group]);
  const tested = [...new Set([...pairs.left, ...pairs.right])].sort((a, b) => a - b);
  expect(groupsAt(0)).toEqual([batchesAt(0), batchesAt(1, 4), tested, batchesAt(5, 14)]);
  // Resumed after step 19: the next test is after step 20.
  expect(groupsAt(19).slice(0, 2)).toEqual([batchesAt(19), tested]);
  // A test at the end alone comes after the first epoch.
  expect(groupsAt(0, 0)).toEqual([batchesAt(0), batchesAt(1, 4), batchesAt(5, 14)]);
});
