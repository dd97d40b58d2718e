import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRunArchive } from '../exchange/run-archive.ts';
import { pgmBytes } from '../faces/import/testing/dropped-files.ts';
import { readResultsCsv } from '../study/results-csv.ts';
import { writeWhole } from './files.ts';
import { readLayer, readScores } from './study/cell-files.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'study-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A dose at which filters die within the first half of the run. */
const SMALL =
  '--backend wasm --identities 12 --images-per-identity 4 --image-size 16 --filters 8 --width 8 --embedding-size 16 --batch-size 8 --warmup-steps 0 --verify-every 40 --steps 100 --telemetry-every 5 --weight-decay 0.08 --learning-rate 0.1 --epsilon 0.15 --faces synthetic --pairs 20';

const command = (flags: string) => ['--import', 'tsx', 'src/cli/study.ts', ...flags.split(' ')];

function study(flags: string) {
  const { status, stderr, stdout } = spawnSync(process.execPath, command(flags), { encoding: 'utf8' });
  return { status, stderr, stdout };
}

const at = (...parts: string[]) => join(folder, ...parts);
const rowsIn = (out: string) => readResultsCsv(readFileSync(at(out, 'results.csv'), 'utf8'));
const kernelOf = (out: string, id: string) => readLayer(at(out), { id })?.kernel;

test('a study trains each cell, keeps its files, and run again trains nothing', () => {
  const flags = `${SMALL} --seeds 1-2 --condition blend --condition same:strategy=blend,checkEvery=5 --jobs 2 --out ${at('two')}`;
  const first = study(flags);
  expect(first.stderr).toContain('6 of 6 runs: ');
  expect(first.status).toBe(0);
  expect(readdirSync(at('two', 'runs')).sort()).toEqual(
    [1, 2].flatMap((seed) => ['blend', 'same', 'standard'].map((one) => `${seed}-${one}`)),
  );
  expect(readdirSync(at('two', 'runs', '2-blend')).sort()).toEqual([
    'first-layer.npz',
    'results.csv',
    'run.zip',
    'scores.npz',
  ]);
  expect(JSON.parse(readFileSync(at('two', 'study.json'), 'utf8'))).toMatchObject({
    seeds: [1, 2],
    primary: 'heldout',
    faces: { identities: 12 },
  });

  const rows = rowsIn('two');
  const last = rows.filter(({ measure, step }) => measure === 'accuracy' && step === 100);
  expect(last.map(({ seed, condition }) => `${seed} ${condition}`)).toEqual([
    '1 standard',
    '1 blend',
    '1 same',
    '2 standard',
    '2 blend',
    '2 same',
  ]);
  expect(rows.some(({ measure, value }) => measure === 'reactivations' && value > 0)).toBe(true);
  const archive = (cell: string) => readRunArchive(readFileSync(at('two', 'runs', cell, 'run.zip')));
  expect(archive('2-blend').step).toBe(100);
  const scores = readScores(at('two'), { id: '2-blend' }, 'heldout');
  expect(scores?.distances).toHaveLength(20);
  expect(scores?.identities?.left).toHaveLength(20);

  // "blend" began where Standard had trained the same network, "same" trained all of it: the same numbers bit for bit.
  for (const seed of [1, 2]) {
    expect(archive(`${seed}-blend`).history?.seams[0]?.step).toBeGreaterThan(0);
    expect(archive(`${seed}-same`).history?.seams).toEqual([]);
    expect(kernelOf('two', `${seed}-blend`)).toEqual(kernelOf('two', `${seed}-same`));
    expect(kernelOf('two', `${seed}-blend`)).not.toEqual(kernelOf('two', `${seed}-standard`));
  }
  const measured = (condition: string) =>
    rows
      .filter((row) => row.condition === condition)
      .map(({ seed, step, measure, value }) => ({ seed, step, measure, value }));
  expect(measured('blend')).toEqual(measured('same'));

  const report = readFileSync(at('two', 'report.md'), 'utf8');
  expect(report).toContain('too few seeds for a verdict on accuracy');
  expect(report).toContain('\\toprule');
  // Seeds and people are resampled together from the scores of both networks.
  expect(report).toMatch(/held-out pairs \(primary\) \| blend \| 2 \| [^|]* \| [^|]* \| \[[^|]*, [^|]*\] \|/);
  expect(readdirSync(at('two', 'figures'))).toContain('difference-heldout.png');
  expect(JSON.parse(readFileSync(at('two', 'summary.json'), 'utf8'))).toMatchObject({ interim: false, complete: 2 });

  const again = study(flags);
  expect(again.stderr).toContain('6 runs, 6 of them finished');
  expect(again.stderr).not.toContain('Engine');
  expect(rowsIn('two')).toEqual(rows);
});

test('a study that is asked to end exits as one, and its run is not counted as finished', async () => {
  const flags = `${SMALL.replace('--steps 100', '--steps 1000000')} --seeds 1 --condition blend --jobs 1 --out ${at('stopped')}`;
  const run = spawn(process.execPath, command(flags));
  const ended = once(run, 'close');
  let said = '';
  await new Promise<void>((started) => {
    run.stderr.on('data', (bytes) => {
      said += bytes;
      if (said.includes('Engine')) started();
    });
  });
  run.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(said).toContain('Stopped and saved. The same command continues.');
  expect(existsSync(at('stopped', 'runs', '1-standard', 'results.csv'))).toBe(false);
});

test('parts of a study are joined, and seeds that another machine trained are added', () => {
  const flags = SMALL.replace('--steps 100', '--steps 2');
  for (const shard of [1, 2]) {
    const part = study(
      `${flags} --name parts --seeds 7-8 --condition blend --jobs 1 --shard ${shard}/2 --out ${at(`part-${shard}`)}`,
    );
    expect(part.stderr).toContain('2 runs, 0 of them finished');
    expect(part.stdout).toContain('So far 1 of 2 seeds are complete.');
  }
  const joined = study(`--merge ${at('part-1')} ${at('part-2')} --out ${at('joined')}`);
  expect(joined.stdout).toContain('2 seeds.');
  expect(new Set(rowsIn('joined').map(({ seed }) => seed))).toEqual(new Set([7, 8]));
  expect(readdirSync(at('joined', 'runs'))).toHaveLength(4);
  const refused = study(`--merge ${at('part-1')} ${at('two')} --out ${at('mixed')}`);
  expect(refused.stderr).toContain(`${at('two')} is another study than ${at('part-1')}.`);
});

test('another study is refused, and the folder stays as it is', () => {
  expect(study(`--out ${at('none')} --report`).stderr).toBe(
    `${at('none')} holds no study.json. Name the folder of a study with --out.\n`,
  );
  const before = readFileSync(at('two', 'study.json'), 'utf8');
  const { stderr } = study(`${SMALL} --seeds 1 --condition random --out ${at('two')}`);
  expect(stderr).toContain('holds another study');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(readFileSync(at('two', 'study.json'), 'utf8')).toBe(before);
});

test('runs that were trained before study.json was edited are not taken for runs of the new plan', () => {
  const before = readFileSync(at('two', 'study.json'), 'utf8');
  const plan = (edited: string) => writeWhole(at('two', 'study.json'), edited);
  for (const [edited, fault] of [
    [before.replace('"weightDecay": 0.08', '"weightDecay": 0.001'), 'weight decay 0.08'],
    [before.replace('"strategy": "blend",', '"strategy": "random",'), 'strategy blend'],
  ] as const) {
    expect(edited).not.toBe(before);
    plan(edited);
    for (const flags of ['--report', '--seeds 3']) {
      expect(study(`--out ${at('two')} ${flags}`).stderr).toContain(`was trained with ${fault}; ${at('two')}`);
    }
  }
  plan(before);
  expect(study(`--out ${at('two')} --report`).status).toBe(0);
});

test('files of evaluations are opened and described before anything is trained', () => {
  const people = at('people');
  writeWhole(join(people, 'ann', '1.pgm'), pgmBytes(40, 40, 10));
  writeWhole(join(people, 'ann', '2.pgm'), pgmBytes(40, 40, 20));
  writeWhole(join(people, 'bob', '1.pgm'), pgmBytes(40, 40, 30));
  writeWhole(join(people, 'bob', 'cut.pgm'), pgmBytes(40, 40, 40).subarray(0, 100));
  writeWhole(at('names.bin'), 'no images');
  const { status, stderr } = study(
    `${SMALL} --seeds 1 --condition blend --data ${people} --data ${at('names.bin')} --out ${at('none')}`,
  );
  expect(stderr).toContain('people: 4 images of 2 people\n1 image could not be read: bob/cut.pgm cannot be read: ');
  expect(stderr).toMatch(/names\.bin .*\n$/);
  expect(stderr).not.toMatch(/^\s+at |Engine/m);
  expect(status).toBe(1);
});
