import { basename, join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { type Arm, armConfig, armFromText, armProblem, armsOf } from '../config/arm.ts';
import { PRESET_IDS, type PresetId, withPreset } from '../config/presets.ts';
import { readConfig } from '../config/read-config.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../config/run-config.ts';
import { settingsToTrainOn } from '../exchange/first-weights.ts';
import { type ArchivedFaces, type RunArchive, readRunArchive } from '../exchange/run-archive.ts';
import { type FaceSet, faceCount } from '../faces/face-set.ts';
import { NODE_STEP_THREADS } from '../kernels/node/step-threads.ts';
import { installWebGpu } from '../kernels/node/webgpu-in-node.ts';
import { architectureOf, firstKernelShape } from '../network/architecture.ts';
import { type Engine, openEngine } from '../network/backend.ts';
import { accuracyNote } from '../record/accuracy-note.ts';
import { isMeasurement, MeasuredRun } from '../record/measured-run.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import type { Failure, RunEvent } from '../training/events.ts';
import { RunFailure } from '../training/failure.ts';
import { Session } from '../training/session.ts';
import { type Arguments, describeSettings, readArguments, TRAIN_FLAGS, UsageError } from './arguments.ts';
import { armPlaces, readThreads } from './arm-threads.ts';
import { runCommand } from './command.ts';
import { readWhole } from './files.ts';
import { beginWith, weightsNamed } from './first-weights.ts';
import { ARCHIVE, claimPlaces, tryPlaces, writeRunFiles } from './run-files.ts';
import { type RunReport, runReport } from './run-report.ts';
import { onStopSignal } from './stop-signals.ts';
import { log, print } from './terminal.ts';
import { trainingFaces } from './training-faces.ts';

/*
 * npm run train -- --preset small --arms both --seed 1 --faces PATH|synthetic --steps N --out DIR
 *                  [--backend webgpu|wasm] [--json FILE] [--any-setting value]
 */
const USAGE = `npm run train -- [--preset ${PRESET_IDS.join('|')}] [--faces PATH|synthetic] [--out DIR] [--json FILE]
                 [--end-at STEP] [--resume RUN.zip] [--overwrite] [--threads N|auto]
                 [--weights RUN.zip|FILE] [--weights-arm NAME]
                 [--arm NAME:setting=value,setting=value]...

--faces takes a folder or a .zip with one folder per person, or a .rec with its .idx beside it.
--out gets run.json, metrics.csv, events.csv and run.zip, at every checkpoint and at the end; also when Ctrl-C ends the run.
  A folder with the files of another run is refused; --overwrite allows it.
--end-at ends the run early, at the first reading at or after that step.
--resume continues the run of a run.zip, with its settings.
--weights begins a run with the weights of a network that was trained here, an arm of a RUN.zip or a file that npm run
  export wrote, with its settings and CRAFT on; momentum begins at zero, and further flags change settings.
--threads limits how many threads train on WebAssembly in all (auto: the cores there are): one an arm first, the rest
  share the steps; the numbers stay the same.
--arm adds an arm that differs from the run in these settings: --arm random:strategy=random
  --arm gentle:craft=false,weightDecay=0.001`;

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    print(`${USAGE}\nEvery setting of a run is a flag:\n\n${describeSettings()}`);
    return;
  }
  const overwrite = argv.includes('--overwrite');
  const { own, lists, settings } = readArguments(
    argv.filter((argument) => argument !== '--overwrite'),
    TRAIN_FLAGS,
    ['arm'],
  );
  const path = settings.faces === undefined || settings.faces === 'synthetic' ? undefined : settings.faces;
  const from = own.resume === undefined ? undefined : readRunArchive(readWhole(own.resume));
  const weights = await weightsNamed(own);
  const config =
    from === undefined
      ? configOf(own.preset, settings, weights && settingsToTrainOn(weights))
      : resumedConfig(from, settings);
  const added = lists.get('arm') ?? [];
  const arms = from === undefined ? armsWanted(config, added) : savedArms(from, added);
  const endAt = own['end-at'] === undefined ? config.steps : Number(own['end-at']);
  if (!Number.isInteger(endAt) || endAt < 1) throw new UsageError(`--end-at takes a step, not "${own['end-at']}".`);
  const most = readThreads(own.threads);
  const places = { folder: own.out, json: own.json };
  tryPlaces(places, { overwrite, resumed: own.resume, read: [own.weights, path] });
  claimPlaces(places);

  if (config.backend === 'auto' || config.backend === 'webgpu') await installWebGpu();
  // A resumed run sums in the order it started with.
  const variants = from?.engine.variants;
  const stepThreads = most > 1 ? NODE_STEP_THREADS : undefined;
  const opened = await openEngine({ preference: config.backend, variants, stepThreads });
  log(`Engine: ${opened.info.backend} on ${opened.info.adapter}`);
  const faces = await trainingFaces(path, config);
  const start = weights && beginWith(weights, { config, arms, faces });
  const { threads, openArms, close } = armPlaces(opened, arms.length, most);
  const engine: Engine = { ...opened, info: { ...opened.info, threads } };
  const session = new Session({
    runId: 'run',
    config,
    arms,
    faces,
    engine,
    checkpoints: true,
    ...(from ? { from } : start ? { from: start.checkpoint } : {}),
    ...(openArms ? { openArms } : {}),
  });
  let signalled = false;
  const listenNoMore = onStopSignal(() => {
    signalled = true;
    session.gate.stop();
  });

  const origin = start?.origin ?? from?.weights;
  const facts = { engine: engine.info, weights: origin, data: { identities: 0, images: 0, pairs: 0 }, stepMs: 0 };
  const measured = measuredRun(config, arms, from);
  const bar = new SingleBar({
    format: '{bar} {value}/{total} steps | {eta_formatted} left | {state}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 20_000,
  });
  const write = async (checkpoint: Checkpoint): Promise<RunReport> => {
    const report = runReport(measured, facts);
    const dropped = path === undefined ? {} : { faces: archivedFaces(basename(path), faces) };
    const run = { report, measured, checkpoint, engine: engine.info, weights: origin, ...dropped };
    await writeRunFiles(run, places);
    return report;
  };
  let failure: Failure | undefined;
  try {
    for await (const event of session.run()) {
      if (event.type === 'started') facts.data = event.data;
      if (event.type === 'progress' && event.stepMs > 0) facts.stepMs = event.stepMs;
      if (isMeasurement(event)) measured.measure(event);
      show(bar, event);
      if (event.step >= endAt) session.gate.stop();
      if (event.type === 'failed') failure = event.failure;
      // This file survives the end of the process or the machine; the last one is written below.
      if (event.type === 'checkpoint') await write(event.checkpoint);
    }
    bar.stop();
    // A failed run has ended early, but its records are kept.
    const report = await write(await session.checkpoint().catch((error) => refuse(failure, error)));
    if (failure !== undefined) throw new RunFailure(failure);
    printSummary(report);
    if (signalled) log(stoppedWords(session.stepsFinished, own.out));
  } finally {
    bar.stop();
    listenNoMore();
    session.dispose();
    await close();
  }
}

/**
 * A run whose thread is gone, or that failed in the middle of a step, has no more than its last checkpoint, which was
 * written when it was taken.
 */
function refuse(failure: Failure | undefined, error: unknown): never {
  throw failure === undefined ? error : new RunFailure(failure);
}

function configOf(
  preset: string | undefined,
  settings: Arguments<never>['settings'],
  first = DEFAULT_CONFIG,
): RunConfig {
  if (settings.faces === undefined && first.faces === 'own') {
    throw new UsageError(
      'The weights were trained on own faces; name them with --faces PATH, or say --faces synthetic.',
    );
  }
  const faces = settings.faces === undefined || settings.faces === 'synthetic' ? 'synthetic' : 'own';
  const base = preset === undefined ? first : withPreset(presetNamed(preset), first);
  return settled({ ...settings, faces }, base);
}

/** @throws UsageError for a value that a setting does not take */
function settled(settings: Arguments<never>['settings'], base: RunConfig): RunConfig {
  const { config, notices } = readConfig(settings, base);
  if (notices.length > 0) throw new UsageError(notices.map(({ refusal }) => refusal).join('\n'));
  return config;
}

/** The arms that the setting `arms` names, and those added. */
function armsWanted(config: RunConfig, added: readonly string[]): readonly Arm[] {
  const read = added.map((text) => armFromText(text, config));
  const refusals = read.flatMap((one) => one.refusals);
  if (refusals.length > 0) throw new UsageError(refusals.join('\n'));
  const arms = [...armsOf(config), ...read.map(({ arm }) => arm)];
  const problem = armProblem(arms);
  if (problem !== undefined) throw new UsageError(problem);
  return arms;
}

function savedArms(from: RunArchive, added: readonly string[]): readonly Arm[] {
  if (added.length > 0) throw new UsageError('A resumed run keeps its arms; leave out --arm.');
  return from.arms.map(({ name, settings }) => ({ name, settings }));
}

/** A run resumes with the settings it started with; only the path of its own faces must be given again. */
function resumedConfig({ config }: RunArchive, settings: Arguments<never>['settings']): RunConfig {
  const others = Object.keys(settings).filter((key) => key !== 'faces' && key !== 'backend');
  if (others.length > 0) throw new UsageError(`A resumed run keeps its settings; leave out ${others.join(', ')}.`);
  const given = settings.faces !== undefined && settings.faces !== 'synthetic';
  if (given !== (config.faces === 'own')) {
    throw new UsageError(
      `The run was trained on ${config.faces} faces; ${given ? 'leave out --faces' : 'name them with --faces PATH'}.`,
    );
  }
  return settled(settings.backend === undefined ? {} : { backend: settings.backend }, config);
}

/** The readings of the run, after those of the archive. */
function measuredRun(config: RunConfig, arms: readonly Arm[], from: RunArchive | undefined): MeasuredRun {
  const run = new MeasuredRun(config);
  run.begin(
    arms.map((arm) => ({ name: arm.name, kernelShape: firstKernelShape(architectureOf(armConfig(config, arm), 2)) })),
  );
  if (from === undefined) return run;
  if (from.history !== undefined) run.restore(from.history);
  run.step = from.step;
  run.goOnFrom(from.step, 'closed');
  return run;
}

/** The archive's description of faces that are not in it. */
function archivedFaces(name: string, faces: FaceSet): ArchivedFaces {
  return { name, identities: faces.identities.length, images: faceCount(faces) };
}

function presetNamed(name: string): PresetId {
  const id = PRESET_IDS.find((preset) => preset === name);
  if (id === undefined) throw new UsageError(`There is no preset "${name}". Choose one of ${PRESET_IDS.join(', ')}.`);
  return id;
}

const state = { accuracy: '', inactive: '' };

function show(bar: SingleBar, event: RunEvent): void {
  switch (event.type) {
    case 'started': {
      const { identities, images, pairs } = event.data;
      const parameters = event.arms[0]?.parameters ?? 0;
      log(`${identities} people, ${images} images, ${pairs} held-out pairs, ${parameters} parameters`);
      const note = accuracyNote(event.data);
      if (note !== undefined) log(note.text);
      bar.start(event.totalSteps, 0, { state: event.engine.backend === 'webgpu' ? 'compiling' : 'starting' });
      return;
    }
    case 'filters':
      bar.update(event.step, {
        state: `${event.arm}: ${(100 * event.inactiveShare).toFixed(0)} % inactive ${state.accuracy}`,
      });
      return;
    case 'verification':
      state.accuracy = `| ${event.arm} ${(100 * event.accuracy).toFixed(1)} % right`;
      return;
    default:
  }
}

function stoppedWords(step: number, folder: string | undefined): string {
  if (folder === undefined) return `Stopped at step ${step}. Without --out the run is not saved.`;
  const archive = join(folder, ARCHIVE);
  return `Stopped at step ${step} and saved. npm run train -- --resume ${archive} --out ${folder} continues it.`;
}

function printSummary(report: RunReport): void {
  for (const [name, arm] of Object.entries(report.arms)) {
    const accuracy = arm.accuracy.at(-1);
    const right = accuracy === undefined ? '' : `, ${(100 * accuracy.value).toFixed(1)} % of held-out pairs right`;
    const unused = arm.unusedShare.at(-1);
    const use = unused === undefined ? '' : `, ${(100 * unused).toFixed(0)} % unused`;
    print(`${name}: ${(100 * (arm.inactiveShare.at(-1) ?? 0)).toFixed(0)} % inactive${use}${right}`);
  }
  for (const sentence of report.conclusion) print(sentence);
  print(`${report.backend} on ${report.adapter}, ${report.stepMs.toFixed(0)} ms a step of all arms`);
}

runCommand(main, 'npm run train -- --help lists all flags.');
