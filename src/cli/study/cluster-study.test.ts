import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { exportStudy } from '../../exchange/export/study-bundle.ts';
import { studyOnDisk } from '../../exchange/pytorch/node/bundle-on-disk.ts';
import { faceSetSource } from '../../faces/face-set-source.ts';
import { population } from '../../faces/synthetic/population.ts';
import { pythonWith, textFrom } from '../../formats/testing/python.ts';
import { cellsOf } from '../../study/cells.ts';
import { conditionFromText, type StudyPlan } from '../../study/plan.ts';
import { readResultsCsv } from '../../study/results-csv.ts';
import { readLayer, readRows, readScores } from './cell-files.ts';
import { mergeFolders } from './study-folder.ts';

const python = pythonWith('torch', 'numpy');
const config = {
  ...DEFAULT_CONFIG,
  identities: 12,
  imagesPerIdentity: 4,
  imageSize: 16,
  filters: 8,
  width: 8,
  embeddingSize: 16,
  batchSize: 8,
  warmupSteps: 0,
  steps: 4,
  verifyEvery: 2,
  verifyPairs: 20,
};
const plan: StudyPlan = {
  name: 'cluster',
  version: '0.1.0',
  config,
  conditions: [conditionFromText('blend', config)],
  axes: [],
  seeds: [3],
  seedSettings: ['seed'],
  evaluations: [],
  primary: 'heldout',
};
const OF_FACES = {
  seed: 1,
  identities: 12,
  imagesPerIdentity: 4,
  size: 16,
  region: 'tight',
  variation: 'lfw',
} as const;
const faces = () => population(OF_FACES);

test.skipIf(python.command === undefined)(
  `a cluster trains one cell an index, with two processes, and its results are joined${python.skipped}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'study-bundle-'));
    try {
      const files = await exportStudy(plan, await faces(), new Map(), studyOnDisk());
      for (const [name, content] of files) writeFileSync(join(folder, name), content);
      const torchrun = ['-m', 'torch.distributed.run', '--standalone', '--nproc_per_node=2', 'study.py', '--index'];
      for (const cell of cellsOf(plan)) {
        const output = textFrom(python.run([...torchrun, String(cell.index)], { cwd: folder, timeout: 590_000 }));
        expect(output).toContain(`${cell.id}: ended`);
        const rows = readResultsCsv(readFileSync(join(folder, 'out', 'runs', cell.id, 'results.csv'), 'utf8'));
        expect(rows.at(-1)).toMatchObject({
          measure: 'run',
          value: 4,
          state: 'done',
          seed: 3,
          condition: cell.condition.name,
        });
        expect(rows.filter(({ measure }) => measure === 'accuracy').map(({ step, pairs }) => [step, pairs])).toEqual([
          [2, 20],
          [4, 20],
        ]);
        expect(rows.every(({ engine }) => engine === 'torch')).toBe(true);
      }
      const values = [1e-7, 2.5e-7, 0.000001, 0.00001, 0.02, 0.5];
      const texts = python.run(['-c', `import study; print(*map(study.text, [${values.join()}]))`], { cwd: folder });
      expect(textFrom(texts).trim().split(' ')).toEqual(values.map(String));
      const again = textFrom(python.run(['study.py', '--index', '0'], { cwd: folder, timeout: 590_000 }));
      expect(again).toContain('3-standard: was done before');
      const joined = join(folder, 'joined');
      expect(mergeFolders(joined, [join(folder, 'out')])).toMatchObject({ name: 'cluster', seeds: [3] });
      const ended = readRows(joined).filter(({ measure }) => measure === 'run');
      expect(ended.map(({ condition, state }) => `${condition} ${state}`).sort()).toEqual([
        'blend done',
        'standard done',
      ]);
      expect(readLayer(joined, { id: '3-blend' })?.shape).toEqual([3, 3, 3, 8]);
      expect(readScores(joined, { id: '3-standard' }, 'heldout')?.distances).toHaveLength(20);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

test('cells that would need other faces are refused', async () => {
  const axes = [{ setting: 'imageSize', values: [16, 24] }] as const;
  await expect(exportStudy({ ...plan, axes }, await faces(), new Map(), studyOnDisk())).rejects.toThrow(
    'imageSize changes them',
  );
});

test('a bundle of one photo a person has no held-out pairs, and a test of too few pairs is refused', async () => {
  const single = await population({ ...OF_FACES, imagesPerIdentity: 1 });
  const files = await exportStudy(plan, single, new Map(), studyOnDisk());
  expect(new TextDecoder().decode(files.get('files.json'))).toBe('{}\n');
  expect([...files.keys()].filter((name) => name.startsWith('pairs'))).toEqual([]);
  const pairs = { left: Int32Array.of(0, 2), right: Int32Array.of(1, 3), same: Uint8Array.of(1, 0), distinct: 2 };
  const few = faceSetSource(single, pairs, { id: undefined, name: 'few', origin: { kind: 'synthetic' } });
  await expect(exportStudy(plan, single, new Map([['few', few]]), studyOnDisk())).rejects.toThrow(
    'few has 2 pairs; a test needs 10 or more.',
  );
});
