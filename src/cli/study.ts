import { join } from 'node:path';
import { zipSync } from 'fflate';
import { formatDuration, formatPercent } from '../config/quantity.ts';
import { exportStudy } from '../exchange/export/study-bundle.ts';
import { studyOnDisk } from '../exchange/pytorch/node/bundle-on-disk.ts';
import { NODE_STEP_THREADS } from '../kernels/node/step-threads.ts';
import { installWebGpu } from '../kernels/node/webgpu-in-node.ts';
import { openEngine } from '../network/backend.ts';
import {
  type Cell,
  cellsOf,
  cellsOfShard,
  countCells,
  keyOf,
  refuseOtherRuns,
  refuseOtherTests,
} from '../study/cells.ts';
import { HELD_OUT, type StudyPlan } from '../study/plan.ts';
import { StudyProblem } from '../study/problem.ts';
import { cellKey, joinRows, type ResultRow } from '../study/results.ts';
import { resultsCsv } from '../study/results-csv.ts';
import { seedsText } from '../study/seeds.ts';
import { describeSettings, UsageError } from './arguments.ts';
import { runCommand } from './command.ts';
import { refuseSources, writeWhole } from './files.ts';
import { onStopSignal } from './stop-signals.ts';
import { RESULTS, readRows } from './study/cell-files.ts';
import { CellThread } from './study/cell-thread.ts';
import { CellTrainer } from './study/cell-trainer.ts';
import { writeReport } from './study/report-files.ts';
import { refuseOtherSettings } from './study/run-settings.ts';
import { dropStart } from './study/shared-start.ts';
import { defaultJobs, readStudyArguments, type StudyArguments } from './study/study-arguments.ts';
import { placesOf, StudyData } from './study/study-data.ts';
import { StudyFaceSets } from './study/study-faces.ts';
import { mergeFolders, planIn, refuseMixedSeeds, refuseOtherPlan, settlePlan } from './study/study-folder.ts';
import { type Trainer, trainCells } from './study/study-pool.ts';
import { onThreads } from './study/study-threads.ts';
import { log, print } from './terminal.ts';

const USAGE = `npm run study -- --preset small --faces PATH|synthetic --seeds 1-16 --condition blend
                 [--condition NAME:setting=value,setting=value]... [--vary setting=value,value]...
                 [--data FILE|synthetic:lfw]... [--pairs N] [--primary heldout] [--name NAME] --out DIR [--jobs N] [--threads N|auto]
npm run study -- study.json [--faces PATH] [--data FILE]... --out DIR [--shard 3/16]
npm run study -- study.json [--faces PATH] [--data FILE]... --bundle DIR|FILE.zip
npm run study -- --out DIR --report
npm run study -- --out DIR --merge DIR DIR...

Trains Standard and the conditions with every seed, and says which differences may be claimed. Run again, it continues:
no finished run is trained again, failed ones are. study.json is written before the first run.
--condition blend is the strategy of that name; --condition late:stopAt=90 is CRAFT with these settings.
--seeds is a list or a range: 1-16 or 3,5,8. --seed-also splitSeed (facesSeed, testSeed) has the seed decide these too.
--jobs trains so many runs side by side on WebAssembly (all processors but one); --backend webgpu trains one at a time.
--threads limits how many threads train in all (auto: the processors there are): one a run first, the rest share the steps.
--shard 3/16 trains the third of sixteen parts of the seeds; --merge joins the folders of all parts.
--bundle writes the study for a cluster with PyTorch; --merge joins the results that come back.`;

async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || argv.includes('--help')) {
    print(`${USAGE}\nEvery setting of a run is a flag:\n\n${describeSettings()}`);
    return;
  }
  const given = readStudyArguments(argv);
  for (const place of [given.out, given.bundle ?? given.out]) refuseSources(place, [given.faces, ...given.data]);
  const wanted = given.merge.length > 0 ? mergeFolders(given.out, given.merge) : planOf(given);
  if (wanted === undefined) {
    throw given.reportOnly
      ? new StudyProblem('not-a-study', `${given.out} holds no study.json.`, 'Name the folder of a study with --out.')
      : new UsageError('Name a plan: study.json, or --preset, --seeds and --condition.');
  }
  if (given.bundle !== undefined) return writeBundle(wanted, given, given.bundle);
  const plan = given.reportOnly || given.merge.length > 0 ? wanted : await train(wanted, given);
  const rows = writeResults(given.out, plan);
  const { verdicts, interim } = await writeReport(given.out, plan, rows);
  for (const { axes, headline, detail, check } of verdicts) {
    print(`${axes === '' ? '' : `${axes}: `}${interim ? 'Interim. ' : ''}${headline} ${detail} A/A check: ${check}`);
  }
}

/**
 * The plan of file or flags, or the folder's own; a report is of the folder's.
 * @throws StudyProblem `other-study` where a report is asked for another study than the folder has
 */
function planOf({ plan, out, reportOnly }: StudyArguments): StudyPlan | undefined {
  const kept = reportOnly ? planIn(out) : undefined;
  if (kept === undefined || plan === undefined) return kept ?? plan;
  // Folders that were joined have the name of the first, and a report reads no faces.
  const { name, config } = kept;
  refuseOtherPlan(out, kept, { ...plan, name, config: { ...plan.config, faces: config.faces } });
  return kept;
}

/** Writes the study for a cluster. */
async function writeBundle(wanted: StudyPlan, given: StudyArguments, path: string): Promise<void> {
  const sets = new StudyFaceSets(wanted, given.faces);
  const faces = await sets.for(wanted.config);
  const plan = { ...wanted, faces: await sets.about() };
  const data = new StudyData(placesOf(wanted.evaluations, given.data));
  await data.describeFiles(plan.config, log);
  const sources = await data.sourcesFor(plan.config);
  const files = await exportStudy(plan, faces, sources, studyOnDisk());
  if (path.endsWith('.zip')) writeWhole(path, zipSync(Object.fromEntries(files), { level: 0 }));
  else for (const [name, content] of files) writeWhole(join(path, name), content);
  print(`${path}: ${countCells(plan)} runs. README.md says how to train them; it holds the faces.`);
}

/** Trains all cells that are not finished; returns the plan as the folder has it. */
async function train(wanted: StudyPlan, given: StudyArguments): Promise<StudyPlan> {
  const { out } = given;
  const places = placesOf(wanted.evaluations, given.data);
  const faces = new StudyFaceSets(wanted, given.faces);
  const plan = settlePlan(out, wanted, await faces.about());
  let rows = readRows(out);
  refuseOtherRuns(plan, rows);
  refuseOtherSettings(out, cellsOf(plan));
  const cells = given.shard === undefined ? cellsOf(plan) : cellsOfShard(plan, ...given.shard);
  const ended = rows.filter(({ state }) => state === 'done');
  const finished = new Set(ended.map(cellKey));
  const queue = cells.filter((cell) => !finished.has(keyOf(cell)));
  refuseMixedSeeds([...ended, ...queue.map((cell) => ({ ...cell, engine: plan.config.backend }))]);
  log(`${cells.length} runs, ${cells.length - queue.length} of them finished; seeds ${seedsText(plan.seeds)}`);
  if (queue.length === 0) return plan;
  const data = new StudyData(places);
  refuseOtherTests(plan, ended, await data.describeFiles(plan.config, log));

  let stopped = false;
  let trainers: readonly Trainer[] = [];
  const stop = () => {
    stopped = true;
    for (const trainer of trainers) trainer.stop();
  };
  const listenNoMore = onStopSignal(stop);
  trainers = await openTrainers(plan, given, { places, data }, queue.length);
  if (stopped) stop();
  const clock = new StudyClock(queue.length, trainers.length);
  try {
    await trainCells(queue, trainers, {
      facesFor: (cell) => faces.for(cell.config),
      ended: (cell, end) => {
        if (end.state === 'stopped') return;
        rows = joinRows(rows, end.rows);
        writeWhole(join(out, RESULTS), resultsCsv(rows));
        const done = new Set(rows.filter(({ state }) => state === 'done').map(cellKey));
        const group = cells.filter(({ standardId }) => standardId === cell.standardId);
        if (group.every((one) => done.has(keyOf(one)))) dropStart(out, cell);
        log(`${clock.tick()}: ${cellInWords(cell, end.rows)}`);
      },
    });
  } finally {
    listenNoMore();
    for (const trainer of trainers) await trainer.close();
  }
  if (stopped) log('Stopped and saved. The same command continues.');
  return plan;
}

/** Threads on the processor; one trainer in this process on a graphics card, or where one is enough. */
async function openTrainers(
  plan: StudyPlan,
  { out, jobs, threads: most }: StudyArguments,
  { places, data }: { readonly places: ReadonlyMap<string, string>; readonly data: StudyData },
  runs: number,
): Promise<readonly Trainer[]> {
  const { backend } = plan.config;
  const study = plan.name;
  // Engines of several threads would share one graphics card.
  const gpu = backend === 'webgpu' || backend === 'webgl';
  if (gpu && jobs !== undefined && jobs > 1)
    throw new UsageError('On a graphics card one run trains at a time; leave out --jobs.');
  const side = gpu ? 1 : Math.min(jobs ?? defaultJobs(), runs, most);
  const each = Math.max(1, Math.floor(most / side));
  const preference = backend === 'auto' ? 'wasm' : backend;
  if (side > 1) {
    log(`Engine: ${preference}, ${side} runs side by side`);
    return Array.from({ length: side }, () => new CellThread({ study, out, backend: preference, places, each }));
  }
  if (gpu) await installWebGpu();
  const stepThreads = each > 1 ? NODE_STEP_THREADS : undefined;
  const opened = await openEngine({ preference, stepThreads });
  const engine = onThreads(opened, each);
  log(`Engine: ${engine.info.backend} on ${engine.info.adapter}`);
  const trainer = new CellTrainer({ study, out, engine, data });
  return [Object.assign(trainer, { close: async () => {} })];
}

/** Says how far the study is and how long it will take, from the runs that this process finished. */
class StudyClock {
  readonly #total: number;
  readonly #trainers: number;
  readonly #began = performance.now();
  #done = 0;

  constructor(total: number, trainers: number) {
    this.#total = total;
    this.#trainers = trainers;
  }

  tick(): string {
    this.#done++;
    const left = this.#total - this.#done;
    const each = (performance.now() - this.#began) / this.#done;
    const time = left === 0 || this.#done < this.#trainers ? '' : `, about ${formatDuration(left * each)} left`;
    return `${this.#done} of ${this.#total} runs${time}`;
  }
}

function cellInWords({ id }: Cell, rows: readonly ResultRow[]): string {
  const run = rows.find(({ measure }) => measure === 'run');
  if (run?.state === 'failed') return `${id} failed: ${run.reason}`;
  const last = (measure: ResultRow['measure'], benchmark = '') =>
    rows.findLast((row) => row.measure === measure && row.benchmark === benchmark)?.value ?? Number.NaN;
  const right = last('accuracy', HELD_OUT);
  const words = [`${formatPercent(last('inactive_share'))} inactive`, `${formatPercent(last('unused_share'))} unused`];
  if (!Number.isNaN(right)) words.push(`${formatPercent(right, 2)} of held-out pairs right`);
  if (run !== undefined && !Number.isNaN(run.seconds)) words.push(`${run.seconds} s`);
  return `${id}: ${words.join(', ')}`;
}

/** Writes results.csv in the order of the plan, and returns its rows. */
function writeResults(out: string, plan: StudyPlan): readonly ResultRow[] {
  const order = new Map(cellsOf(plan).map((cell, index) => [keyOf(cell), index]));
  const place = (row: ResultRow) => order.get(cellKey(row)) ?? order.size;
  // Parts that were joined may have had other names.
  const rows = readRows(out)
    .map((row) => ({ ...row, study: plan.name }))
    .toSorted((one, other) => place(one) - place(other));
  refuseOtherRuns(plan, rows);
  refuseOtherSettings(out, cellsOf(plan));
  writeWhole(join(out, RESULTS), resultsCsv(rows));
  return rows;
}

runCommand(main, USAGE);
