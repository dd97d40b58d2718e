import { describe, expect, test } from 'vitest';
import { fuzz } from './testing/fuzz.ts';
import { FUZZ_TARGETS } from './testing/fuzz-targets.ts';
import { seeded } from './testing/mutations.ts';

/** bench/evidence/fuzz-formats.ts runs the same for as long as one likes. */
const FILES = 3000;

describe('damaged files are read or refused by a typed error, soon', () => {
  test.each(FUZZ_TARGETS)('$name', async (target) => {
    for (const file of target.files) await target.read(file.slice());
    const { read, refused, slowestMs } = await fuzz(target, FILES, seeded(1));
    expect(read + refused).toBe(FILES);
    // Most damage has to be noticed, or the files do not reach the reader.
    expect(refused).toBeGreaterThan(FILES / 4);
    // A hang would be seconds; a sound file takes less than a millisecond.
    expect(slowestMs).toBeLessThan(1000);
  });
});
