import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { besideOnDisk } from '../../src/cli/model-files.ts';
import { toOihw } from '../../src/exchange/import/model-tensors.ts';
import { readModel } from '../../src/exchange/import/read-model.ts';
import { pythonWith } from '../../src/formats/testing/python.ts';

/**
 * The framework's own data of the first layer: its name, [filters, channels, height, width], and the batch norm; or
 * words of the refusal.
 */
const expectedSchema = z.record(
  z.string(),
  z.union([
    z.object({ refused: z.string() }),
    z.object({
      /** Null where the format has no name of the network's own for it. */
      layer: z.string().nullable(),
      weight: z.array(z.array(z.array(z.array(z.number().nullable())))),
      batchNorm: z.string().nullable(),
    }),
  ]),
);

const python = pythonWith('torch', 'numpy');

describe.skipIf(python.command === undefined)(`weights as today's frameworks write them${python.skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'foreign-weights-'));
  let expected: z.infer<typeof expectedSchema> = {};

  beforeAll(() => {
    python.run([join(import.meta.dirname, 'torch_weights.py'), folder]);
    expected = expectedSchema.parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('the first layer of every file has the name, the weights and the batch norm that the framework gives it', async () => {
    expect(Object.keys(expected).length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const [name, right] of Object.entries(expected)) {
      try {
        const path = join(folder, name);
        const reading = readModel([{ name: path, bytes: readFileSync(path) }], { beside: besideOnDisk });
        if ('refused' in right) {
          const refusal = { code: 'unreadable-entrance', message: expect.stringContaining(right.refused) };
          await expect(reading, name).rejects.toMatchObject(refusal);
          continue;
        }
        const { layer, weight, batchNorm } = right;
        const model = await reading;
        const first = model.convolutions[model.first] ?? expect.fail(`${name}: no first layer`);
        expect([first.name, first.batchNorm?.name ?? null], name).toEqual([layer ?? first.name, batchNorm]);
        const values = weight.flat(3);
        const read = toOihw(first.kernel, first.shape);
        expect(read.length, name).toBe(values.length);
        // NaN has no form in JSON.
        read.forEach((value, i) => {
          const right = values[i] ?? Number.NaN;
          if (Object.is(value, right)) return;
          const least = 1e-6 * Math.max(1, Math.abs(right));
          expect(Math.abs(value - right), `${name}, weight ${i}: ${value}, not ${right}`).toBeLessThan(least);
        });
      } catch (error) {
        wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
