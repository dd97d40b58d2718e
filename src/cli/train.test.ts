import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRunArchive } from '../exchange/run-archive.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'train-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Each further thread loads all modules again. */
const ALONE = '--backend wasm --threads 1';
const SIZES =
  '--identities 12 --images-per-identity 4 --image-size 16 --filters 8 --width 8 --embedding-size 16 --batch-size 8 --warmup-steps 0 --verify-every 0';
const SMALL = `${ALONE} ${SIZES}`;

const command = (flags: string) => ['--import', 'tsx', 'src/cli/train.ts', ...flags.split(' ')];

function train(flags: string) {
  const { status, stderr } = spawnSync(process.execPath, command(flags), { encoding: 'utf8' });
  return { status, stderr };
}

const stepOf = (archive: string) => readRunArchive(readFileSync(archive)).step;

describe('a run that is asked to end', () => {
  it.each([
    ['SIGINT', 130, 1],
    ['SIGTERM', 143, 2],
  ] as const)(
    '%s: is saved, and can be resumed',
    async (signal, code, threads) => {
      const out = join(folder, 'run');
      const run = spawn(
        process.execPath,
        command(`--threads ${threads} --backend wasm ${SIZES} --steps 1000000 --out ${out}`),
      );
      const ended = once(run, 'exit');
      let said = '';
      await new Promise<void>((started) => {
        run.stderr.on('data', (bytes) => {
          said += bytes;
          if (said.includes('held-out pairs')) started();
        });
      });
      // As npm does, which repeats every signal.
      run.kill(signal);
      run.kill(signal);
      expect(await ended).toEqual([code, null]);
      const step = stepOf(join(out, 'run.zip'));
      expect(said).toContain(`Stopped at step ${step} and saved.`);
      expect(readdirSync(out).sort()).toEqual(['events.csv', 'metrics.csv', 'run.json', 'run.zip']);
      if (signal !== 'SIGINT') return;
      const resumed = train(`--threads 1 --resume ${out}/run.zip --out ${out} --end-at ${step + 1}`);
      expect(resumed.status).toBe(0);
      expect(stepOf(join(out, 'run.zip'))).toBeGreaterThan(step);
      const refused = train(`--resume ${out}/run.zip --backend gpu`);
      expect(refused).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^Engine: one of .*wasm.* is expected, not "gpu"\./),
      });
    },
    120_000,
  );
});

describe('--weights', () => {
  it('begins a run with the weights of an arm, with CRAFT on, and says so in its files', () => {
    const first = join(folder, 'first');
    expect(train(`${SMALL} --steps 3 --arms both --out ${first}`).status).toBe(0);
    const out = join(folder, 'next');
    const from = `--weights ${first}/run.zip ${ALONE}`;
    const next = train(`${from} --weights-arm standard --steps 2 --criterion relativeNorm --rho 1 --out ${out}`);
    expect([next.status, next.stderr]).toEqual([
      0,
      expect.stringContaining('First weights: the Standard arm at step 3'),
    ]);
    const report = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(report.weights).toMatchObject({ file: 'run.zip', arm: 'standard', step: 3, centres: 'file' });
    expect([report.config.craft, report.config.steps, report.config.filters]).toEqual([true, 2, 8]);
    // Its first reading is of these weights.
    const [standard] = readRunArchive(readFileSync(join(first, 'run.zip'))).arms;
    const kernel = standard?.state.get('stem.conv.weight')?.values ?? new Float32Array(0);
    const norm = Math.hypot(...kernel.filter((_, at) => at % 8 === 0));
    expect(report.arms.craft.filters[0]).toMatchObject({ step: 0 });
    expect(report.arms.craft.filters[0].norm[0]).toBeCloseTo(norm, 5);
    expect(readRunArchive(readFileSync(join(out, 'run.zip'))).weights).toEqual(report.weights);

    expect(train(`${from} --weights-arm craft --filters 16`).stderr).toContain(
      '"stem.conv.weight" is [3,3,3,8] in run.zip, but the settings of the run ask for [3,3,3,16].',
    );
  });
});

describe('--threads', () => {
  it('trains each arm on a thread of its own, and the numbers are those of one', () => {
    const run = (threads: string) => {
      const out = join(folder, threads);
      const flags =
        '--steps 50 --telemetry-every 10 --verify-every 25 --criterion relativeNorm --rho 0.8 --check-every 25';
      expect(train(`--backend wasm ${SIZES} ${flags} --threads ${threads} --out ${out}`).status).toBe(0);
      const { engine, stepMs: _, ...report } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
      return { engine, report, arms: readRunArchive(readFileSync(join(out, 'run.zip'))).arms };
    };
    const one = run('1');
    const two = run('2');
    expect([one.engine, two.engine].map(({ backend, threads }) => [backend, threads])).toEqual([
      ['wasm', 1],
      ['wasm', 2],
    ]);
    expect(two.report).toEqual(one.report);
    expect(one.report.events).not.toEqual([]);
    expect(two.arms).toEqual(one.arms);
  });

  it('takes a number or auto', () => {
    expect(train('--threads 0').stderr).toContain('--threads takes a whole number from 1 on, or auto, not "0".');
  });
});

describe('a run whose files cannot be written', () => {
  it('ends with a sentence where the disk is full', () => {
    const { status, stderr } = train(`${SMALL} --steps 2 --json /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toContain('/dev/full cannot be written: there is no room left on the disk.');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['the files of another run are there', '--out FOLDER', 'FOLDER holds the files of another run: run.json.'],
    ['the run to resume is missing', '--resume FOLDER/none.zip', 'There is no file or folder FOLDER/none.zip.'],
    ['its faces are missing', '--faces FOLDER/none', 'There is no file or folder FOLDER/none.'],
  ])(
    'is refused before it begins where %s',
    (_, flags, sentence) => {
      writeFileSync(join(folder, 'run.json'), 'earlier');
      const { status, stderr } = train(`${flags.replaceAll('FOLDER', folder)} --backend wasm`);
      expect(status).toBe(1);
      expect(stderr).toContain(sentence.replaceAll('FOLDER', folder));
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stderr).not.toContain('held-out pairs');
      expect(readdirSync(folder)).toEqual(['run.json']);
    },
    60_000,
  );
});
