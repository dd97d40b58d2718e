/*
 * Two workers against one on the same study:
 *   npx tsx bench/study-jobs.ts [--rounds 3] [--seeds 1-4] [--steps 600] [--jobs 2] [--threads N]
 * Each round trains the study with one worker and with `--jobs`, in turns (1 2, 2 1, ...), so that a machine that grows
 * slower or faster meets both alike. Prints the time of each and the ratio of each round. At most 0.6 is wanted of
 * Small on 2 cores; a round of the whole preset is --steps 2400. Measure on a machine that does nothing else.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../src/config/average.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { rounds: text, seeds: text, steps: text, jobs: text, threads: text } });
const { rounds = '3', seeds = '1-4', steps = '600', jobs = '2', threads = jobs } = values;

/** Seconds that the study takes with so many workers, from the start of the process to its report. */
function secondsWith(workers: string): number {
  const out = mkdtempSync(join(tmpdir(), 'study-jobs-'));
  const plan = [
    '--preset',
    'small',
    '--faces',
    'synthetic',
    '--seeds',
    seeds,
    '--steps',
    steps,
    '--condition',
    'blend',
  ];
  const how = ['--backend', 'wasm', '--jobs', workers, '--threads', workers === '1' ? '1' : threads, '--out', out];
  const began = performance.now();
  const run = spawnSync('node', ['--import', 'tsx', 'src/cli/study.ts', ...plan, ...how], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - began) / 1000;
  rmSync(out, { recursive: true });
  if (run.status !== 0) throw new Error(`The study with ${workers} workers failed:\n${run.stderr}`);
  return seconds;
}

const [load = 0] = loadavg();
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${load.toFixed(2)} before`);
const ratios: number[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const order = round % 2 === 0 ? ['1', jobs] : [jobs, '1'];
  const took = new Map(order.map((workers) => [workers, secondsWith(workers)]));
  const [one = Number.NaN, several = Number.NaN] = [took.get('1'), took.get(jobs)];
  ratios.push(several / one);
  console.log(
    `1 worker ${one.toFixed(1)} s, ${jobs} workers ${several.toFixed(1)} s, ratio ${(several / one).toFixed(3)}`,
  );
}
console.log(`median ratio ${median(ratios).toFixed(3)} of ${ratios.length} rounds`);
