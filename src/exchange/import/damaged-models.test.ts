import { describe, expect, it } from 'vitest';
import { ModelProblem } from '../model-problem.ts';
import { damagedBatch, MODEL_FUZZ } from '../testing/model-fuzz.ts';

/** bench/evidence/fuzz-models.ts damages as many files as one likes. */
const FILES = 300;
/** HDF5 is read by a library in WebAssembly, which is slower. */
const KERAS_FILES = 40;

describe('damaged models are read or refused by a sentence', () => {
  it.each(MODEL_FUZZ)('$name', async (kind) => {
    for (const { name, bytes } of kind.seeds) await kind.read(new Uint8Array(bytes), name);
    const count = kind.name.startsWith('Keras') ? KERAS_FILES : FILES;
    let refused = 0;
    for (const { name, bytes } of [...damagedBatch(kind, 1, 0)].slice(0, count)) {
      try {
        await kind.read(bytes, name);
      } catch (error) {
        if (!(error instanceof ModelProblem)) {
          throw new Error(`${name}: ${Buffer.from(bytes).toString('base64')}`, { cause: error });
        }
        refused++;
      }
    }
    // Most damage has to be noticed; that of a graph beside the weights leaves the weights.
    expect(refused).toBeGreaterThan(kind.name === 'MXNet symbols' ? 0 : count / 4);
  });
});
