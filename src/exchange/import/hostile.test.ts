import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';
import { readHostile } from '../testing/hostile-readers.ts';
import { ALL_HOSTILE_SHAPES } from '../testing/hostile-shapes.ts';
import { readModel } from './read-model.ts';

/** Small enough for the whole suite; bench/evidence/hostile.ts reads the same shapes at up to a hundred megabytes. */
const SIZE = 200_000;

describe('files that ask for far more than they hold are read within the budget, or refused by a sentence', () => {
  it.each(ALL_HOSTILE_SHAPES.map((shape) => [shape.name, shape] as const))('%s', async (_, shape) => {
    const bytes = shape.make(SIZE);
    const { peak, refused, answer } = await readHostile(shape, bytes);
    expect(peak).toBeLessThanOrEqual(new Budget(bytes.length).limit);
    if (refused) expect(answer).toMatch(/\.( \(|$)|\)$/);
  });
});

it('a refused HDF5 file leaves the next one readable', async () => {
  const refused = ALL_HOSTILE_SHAPES.find(({ name }) => name === 'hdf5: groups nested deep');
  const sound = readFileSync(new URL('../testing/foreign/keras3.h5', import.meta.url));
  if (refused === undefined) throw new Error('The shape has another name.');
  expect((await readHostile(refused, refused.make(SIZE))).answer).toContain('nested too deep');
  expect((await readModel([{ name: 'model.h5', bytes: sound }])).convolutions.length).toBeGreaterThan(0);
});

it('refuses an HDF5 file in whose heap of texts the library would step without end', async () => {
  const bytes = new Uint8Array(readFileSync(new URL('../testing/seeds/new.h5', import.meta.url)));
  // The size of a text of the topology's attributes, 8 bytes, one more.
  expect(bytes[5912]).toBe(8);
  bytes[5912] = 9;
  const sentence = 'The Keras file cannot be read: the sizes in a heap of its texts are wrong.';
  await expect(readModel([{ name: 'new.h5', bytes }])).rejects.toThrow(sentence);
});
