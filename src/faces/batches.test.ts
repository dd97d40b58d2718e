import { describe, expect, it } from 'vitest';
import { type BatchSettings, trainingBatches } from './batches.ts';
import { type FaceSet, faceAt } from './face-set.ts';

/** Every byte of image i is i, so that a batch shows where its rows came from. */
function numberedFaces(count: number, size = 5): FaceSet {
  const images = new Uint8Array(count * size * size * 3);
  for (let index = 0; index < count; index++)
    images.fill(index, index * size * size * 3, (index + 1) * size * size * 3);
  return {
    images,
    labels: Int32Array.from({ length: count }, (_, index) => index % 4),
    identities: ['a', 'b', 'c', 'd'],
    size,
    region: 'tight',
    source: { kind: 'own', name: 'numbered' },
  };
}

const settings: BatchSettings = { batchSize: 4, seed: 7, flip: true, shift: 2 };
const upTo = (count: number) => Int32Array.from({ length: count }, (_, index) => index);
const rowsOf = (packed: Int32Array<ArrayBuffer>, batchSize: number, imageBytes: number) =>
  Array.from({ length: batchSize }, (_, row) => new Uint8Array(packed.buffer)[row * imageBytes] ?? -1);

describe('training batches', () => {
  it('name their images before these are there', () => {
    const faces = numberedFaces(11);
    const batches = trainingBatches(
      faces,
      upTo(11).map((index) => 10 - index),
      upTo(11),
      settings,
    );
    for (const step of [0, 1, 5]) {
      expect([...batches.imagesAt(step)]).toEqual(rowsOf(batches.at(step).packed, 4, 75));
    }
  });

  it('packs the images of [N, S, S, 3] four bytes to a number, little-endian', () => {
    const faces = numberedFaces(6);
    faces.images.forEach((_, at) => {
      faces.images[at] = (at * 31) & 255;
    });
    const { packed, shape } = trainingBatches(faces, upTo(6), upTo(6), { ...settings, batchSize: 3 }).at(0);
    expect(shape).toEqual([3, 5, 5, 3]);
    expect(packed.length).toBe(Math.ceil((3 * 75) / 4));
    const unpacked = Array.from({ length: 225 }, (_, at) => ((packed[at >> 2] ?? 0) >>> ((at & 3) * 8)) & 255);
    const { labels } = trainingBatches(faces, upTo(6), upTo(6), { ...settings, batchSize: 3 }).at(0);
    expect(unpacked).toEqual([...labels].flatMap((index) => [...faceAt(faces, index)]));
  });

  it('shows every image once an epoch, in a new order every epoch, with the labels that were given', () => {
    const indices = Int32Array.from([10, 11, 12, 13, 14, 15, 16, 17]);
    const labels = Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7]);
    const batches = trainingBatches(numberedFaces(20), indices, labels, settings);
    expect(batches.batchesPerEpoch).toBe(2);
    const epoch = (number: number) => [0, 1].flatMap((at) => rowsOf(batches.at(number * 2 + at).packed, 4, 75));
    expect(epoch(0).toSorted((a, b) => a - b)).toEqual([...indices]);
    expect(epoch(1).toSorted((a, b) => a - b)).toEqual([...indices]);
    expect(epoch(0)).not.toEqual(epoch(1));
    const { packed, labels: batchLabels } = batches.at(1);
    expect(rowsOf(packed, 4, 75)).toEqual([...batchLabels].map((label) => label + 10));
  });

  it('gives the same batch for the same step, after any earlier requests', () => {
    const make = () => trainingBatches(numberedFaces(30), upTo(30), upTo(30), settings);
    const straight = make();
    for (let step = 0; step < 40; step++) straight.at(step);
    expect(straight.at(23)).toEqual(make().at(23));
  });

  it('drops the last incomplete batch', () => {
    expect(trainingBatches(numberedFaces(11), upTo(11), upTo(11), settings).batchesPerEpoch).toBe(2);
  });

  it('repeats a set that is smaller than a batch until the batch is full', () => {
    const batch = trainingBatches(numberedFaces(3), upTo(3), upTo(3), { ...settings, batchSize: 7 }).at(5);
    const seen = [0, 1, 2].map((index) => rowsOf(batch.packed, 7, 75).filter((row) => row === index).length);
    expect(seen.toSorted()).toEqual([2, 2, 3]);
  });

  it('mirrors half of the images and moves them evenly within the shift', () => {
    const batches = trainingBatches(numberedFaces(8), upTo(8), upTo(8), { ...settings, batchSize: 8, shift: 2 });
    const moved = new Map<number, number>();
    let mirrored = 0;
    for (let step = 0; step < 250; step++) {
      const { placement } = batches.at(step);
      for (let row = 0; row < 8; row++) {
        mirrored += placement[row * 3] ?? 0;
        for (const axis of [1, 2]) {
          const by = placement[row * 3 + axis] ?? 0;
          moved.set(by, (moved.get(by) ?? 0) + 1);
        }
      }
    }
    expect(mirrored / 2000).toBeCloseTo(0.5, 1);
    expect([...moved.keys()].toSorted((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    for (const times of moved.values()) expect(times / 4000).toBeCloseTo(0.2, 1);
  });

  it('changes neither the order nor the shifts when mirroring is switched off', () => {
    const on = trainingBatches(numberedFaces(9), upTo(9), upTo(9), settings).at(3);
    const off = trainingBatches(numberedFaces(9), upTo(9), upTo(9), { ...settings, flip: false }).at(3);
    expect(off.packed).toEqual(on.packed);
    expect([...off.placement].filter((_, at) => at % 3 === 0)).toEqual([0, 0, 0, 0]);
    expect([...off.placement].filter((_, at) => at % 3 > 0)).toEqual([...on.placement].filter((_, at) => at % 3 > 0));
  });

  it('refuses an empty set and labels that do not match', () => {
    expect(() => trainingBatches(numberedFaces(2), upTo(0), upTo(0), settings)).toThrow(RangeError);
    expect(() => trainingBatches(numberedFaces(2), upTo(2), upTo(1), settings)).toThrow(RangeError);
  });
});
