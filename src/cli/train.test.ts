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

const SMALL =
  '--backend wasm --identities 12 --images-per-identity 4 --image-size 16 --filters 8 --width 8 --embedding-size 16 --batch-size 8 --warmup-steps 0 --verify-every 0';

const command = (flags: string) => ['--import', 'tsx', 'src/cli/train.ts', ...flags.split(' ')];

function train(flags: string) {
  const { status, stderr } = spawnSync(process.execPath, command(flags), { encoding: 'utf8' });
  return { status, stderr };
}

const stepOf = (archive: string) => readRunArchive(readFileSync(archive)).step;

describe('a run that is asked to end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s: is saved, and can be resumed',
    async (signal, code) => {
      const out = join(folder, 'run');
      const run = spawn(process.execPath, command(`${SMALL} --steps 1000000 --out ${out}`));
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
      const resumed = train(`--resume ${out}/run.zip --out ${out} --end-at ${step + 1}`);
      expect(resumed.status).toBe(0);
      expect(stepOf(join(out, 'run.zip'))).toBeGreaterThan(step);
    },
    120_000,
  );
});

describe('--threads', () => {
  it('trains each arm on a thread of its own, and the numbers are those of one', () => {
    const run = (threads: string) => {
      const out = join(folder, threads);
      const flags =
        '--steps 50 --telemetry-every 10 --verify-every 25 --criterion relativeNorm --rho 0.9 --check-every 25';
      expect(train(`${SMALL} ${flags} --threads ${threads} --out ${out}`).status).toBe(0);
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
  }, 120_000);

  it('takes a number or auto', () => {
    expect(train(`${SMALL} --threads 0`).stderr).toContain(
      '--threads takes a whole number from 1 on, or auto, not "0".',
    );
  }, 60_000);
});

describe('a run whose files cannot be written', () => {
  it('ends with a sentence where the disk is full', () => {
    const { status, stderr } = train(`${SMALL} --steps 2 --json /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toContain('/dev/full cannot be written: there is no room left on the disk.');
    expect(stderr).not.toMatch(/^\s+at /m);
  }, 60_000);

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
