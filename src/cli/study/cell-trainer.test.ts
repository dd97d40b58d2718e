import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { population } from '../../faces/synthetic/population.ts';
import { openEngine } from '../../network/backend.ts';
import { MeasuredRun } from '../../record/measured-run.ts';
import { cellsOf } from '../../study/cells.ts';
import { conditionFromText } from '../../study/plan.ts';
import { readRows, startedRun } from './cell-files.ts';
import { CellTrainer } from './cell-trainer.ts';
import { StudyData } from './study-data.ts';

const config = {
  ...DEFAULT_CONFIG,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 8,
  warmupSteps: 0,
  steps: 40,
  telemetryEvery: 5,
  verifyEvery: 20,
  verifyPairs: 20,
};

test('a cell that is stopped in mid-run resumes there, and its rows are those of one that was not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cell-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [cell] = cellsOf({
    name: 'one',
    version: '',
    config,
    conditions: [conditionFromText('blend', config)],
    axes: [],
    seeds: [3],
    seedSettings: ['seed'],
    evaluations: [],
    primary: 'heldout',
  });
  if (cell === undefined) throw new Error('The plan has cells.');
  const faces = await population({
    seed: 1,
    identities: 12,
    imagesPerIdentity: 4,
    size: 16,
    region: 'tight',
    variation: 'lfw',
  });
  const engine = await openEngine({ preference: 'wasm' });
  const data = new StudyData(new Map());
  const trainer = (out: string) => new CellTrainer({ study: 'one', out: join(folder, out), engine, data });

  const first = trainer('stopped');
  const { measure } = MeasuredRun.prototype;
  const measured = vi.spyOn(MeasuredRun.prototype, 'measure').mockImplementation(function (this: MeasuredRun, event) {
    measure.call(this, event);
    if (event.step === 10) first.stop();
  });
  expect(await first.train(cell, faces)).toEqual({ state: 'stopped' });
  measured.mockRestore();
  const out = join(folder, 'stopped');
  expect(startedRun(out, cell)?.step).toBe(10);
  expect(readRows(out)).toEqual([]);

  expect((await trainer('stopped').train(cell, faces)).state).toBe('done');
  expect(startedRun(out, cell)?.history?.seams.map(({ step }) => step)).toEqual([10]);
  await trainer('whole').train(cell, faces);
  const timed = (of: string) => readRows(join(folder, of)).some(({ seconds }) => seconds >= 0);
  expect([timed('stopped'), timed('whole')]).toEqual([false, true]);
  const untimed = (of: string) => readRows(join(folder, of)).map((row) => ({ ...row, seconds: 0 }));
  expect(untimed('stopped').length).toBeGreaterThan(10);
  expect(untimed('stopped')).toEqual(untimed('whole'));
});
