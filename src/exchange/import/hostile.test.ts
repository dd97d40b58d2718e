import { describe, expect, it } from 'vitest';
import { Budget } from '../../formats/budget.ts';

import { readHostile } from '../testing/hostile-readers.ts';
import { ALL_HOSTILE_SHAPES } from '../testing/hostile-shapes.ts';

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
