import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inspectLayer } from '../../craft/inspection.ts';
import { readModel } from './read-model.ts';

/** Written by scripts/foreign/tensorflow_models.py, with the right answers. */
const folder = join(import.meta.dirname, '../testing/foreign');
const answers = z.record(
  z.string(),
  z.object({
    dead: z.array(z.number()).optional(),
    refused: z.string().optional(),
    batchNorm: z.boolean().default(false),
  }),
);
const models = Object.entries(answers.parse(JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8'))));
const file = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) });
/** Named by the files that need them. */
const beside = (_: string, path: string) => (readdirSync(folder).includes(path) ? file(path).bytes : undefined);

describe('models of Keras 3, TensorFlow, TensorFlow Lite, MXNet and Caffe', () => {
  it.each(models)(
    '%s: the first layer, its dead filters and its batch norm',
    async (name, { dead, refused, batchNorm }) => {
      const reading = readModel([file(name)], { beside });
      if (refused !== undefined) {
        await expect(reading).rejects.toMatchObject({
          code: 'unreadable-entrance',
          message: expect.stringMatching(refused),
        });
        return;
      }
      const model = await reading;
      const first = model.convolutions[model.first] ?? expect.fail('no first layer');
      const { exactlyZero, shape, raw, folded } = inspectLayer(first);
      expect([shape[0], shape[1], shape[3]]).toEqual([3, 3, 6]);
      expect(exactlyZero).toEqual(dead);
      expect(first.batchNorm !== undefined).toBe(batchNorm);
      // All have a variance of 4, those of Caffe a scale of 3.
      const factor = batchNorm ? (name.endsWith('.caffemodel') ? 1.5 : 0.5) : 1;
      expect(folded.norms[0]).toBeCloseTo(factor * (raw.norms[0] ?? 0), 3);
    },
  );
});
