import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { facesToBatch } from './faces-to-batch.ts';
import { describeOn, TEST_BACKENDS } from './testing/describe-on.ts';
import { evaluate, expectClose } from './testing/evaluate.ts';

/** One image a placement; every byte differs from its neighbours, and 3 * 5 * 5 * 3 is no multiple of 4. */
const SIZE = 5;
const PLACEMENTS = [
  [0, 0, 0],
  [1, 0, 0],
  [1, 2, -1],
];
const SHAPE = [PLACEMENTS.length, SIZE, SIZE, 3] as const;
const BYTES = Uint8Array.from(
  { length: 4 * Math.ceil((SHAPE[0] * SIZE * SIZE * 3) / 4) },
  (_, i) => (i * 37 + 11) % 256,
);

function expectedAt(image: number, row: number, column: number, channel: number): number {
  const [mirrored, right, down] = PLACEMENTS[image] ?? [];
  const inside = (index: number) => Math.min(SIZE - 1, Math.max(0, index));
  const y = inside(row - (down ?? 0));
  const moved = inside(column - (right ?? 0));
  const x = mirrored === 1 ? SIZE - 1 - moved : moved;
  return ((BYTES[((image * SIZE + y) * SIZE + x) * 3 + channel] ?? 0) / 255 - 0.5) / 0.5;
}

for (const name of TEST_BACKENDS) {
  await describeOn(name, () => {
    test('bytes become numbers from -1 to 1, mirrored first and then moved with the edge repeated', async () => {
      const [batch] = await evaluate(name, () => [
        facesToBatch(tensor1d(new Int32Array(BYTES.buffer), 'int32'), tensor2d(PLACEMENTS, [3, 3], 'int32'), [
          ...SHAPE,
        ]),
      ]);
      const expected: number[] = [];
      for (let image = 0; image < SHAPE[0]; image++) {
        for (let row = 0; row < SIZE; row++) {
          for (let column = 0; column < SIZE; column++) {
            for (let channel = 0; channel < 3; channel++) expected.push(expectedAt(image, row, column, channel));
          }
        }
      }
      expectClose(batch, expected, 1e-6);
    });
  });
}

await describeOn('cpu', () => {
  test('too few bytes for the shape are refused', () => {
    const placement = tensor2d([[0, 0, 0]], [1, 3], 'int32');
    expect(() => facesToBatch(tensor1d([0], 'int32'), placement, [1, 2, 2, 3])).toThrow('12 bytes');
  });
});
