import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { besideOnDisk } from '../../src/cli/model-files.ts';
import { inspectLayer } from '../../src/craft/inspection.ts';
import { readModel } from '../../src/exchange/import/read-model.ts';
import { ModelProblem } from '../../src/exchange/model-problem.ts';

/** The right answer of a model: filters of zeros, or words of the refusal. */
const answers = z.record(
  z.string(),
  z.object({ dead: z.array(z.number()).optional(), refused: z.string().optional() }),
);

const python = process.env.PYTHON ?? 'python3';
const able = spawnSync(python, ['-c', 'import onnx']).status === 0;
const why = able ? '' : ' (skipped: no Python with onnx; set PYTHON)';
const folder = mkdtempSync(join(tmpdir(), 'foreign-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function deadFilters(path: string): Promise<readonly number[]> {
  const model = await readModel([{ name: path, bytes: readFileSync(path) }], { beside: besideOnDisk });
  const first = model.convolutions[model.first] ?? expect.fail('no first layer');
  return inspectLayer(first).exactlyZero;
}

describe.skipIf(!able)(`ONNX models of today's writers${why}`, () => {
  it('the first layer is right, or refused by name', { timeout: 300_000 }, async () => {
    const script = join(import.meta.dirname, 'onnx_models.py');
    const { status, stderr } = spawnSync(python, [script, folder], { encoding: 'utf8' });
    expect([status, stderr.split('\n').filter((line) => /Error/.test(line))]).toEqual([0, []]);
    const wrong: string[] = [];
    const models = answers.parse(JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8')));
    for (const [name, { dead, refused }] of Object.entries(models)) {
      try {
        const found = await deadFilters(join(folder, `${name}.onnx`));
        if (refused !== undefined) wrong.push(`${name}: read, not refused`);
        else if (found.join() !== dead?.join()) wrong.push(`${name}: ${found} and not ${dead}`);
      } catch (error) {
        if (!(error instanceof ModelProblem)) throw error;
        const expected = refused !== undefined && new RegExp(refused).test(error.message);
        if (!expected || error.code !== 'unreadable-entrance') wrong.push(`${name}: ${error.message}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(Object.keys(models).length).toBeGreaterThan(45);
  });
});
