import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { PRESET_IDS, type PresetId, withPreset } from '../config/presets.ts';
import { DEFAULT_CONFIG, type RunConfig, readConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { faceSetOf } from '../faces/import/imported-faces.ts';
import { population } from '../faces/synthetic/population.ts';
import { installWebGpu } from '../kernels/node/webgpu-in-node.ts';
import { openEngine } from '../network/backend.ts';
import type { RunEvent } from '../training/events.ts';
import { RunFailure } from '../training/failure.ts';
import { Session } from '../training/session.ts';
import { describeSettings, readArguments, UsageError } from './arguments.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';
import { eventsCsv, metricsCsv, RunRecorder, type RunReport } from './run-report.ts';

/*
 * npm run train -- --preset small --arms both --seed 1 --faces PATH|synthetic --steps N --out DIR
 *                  [--backend webgpu|wasm] [--json FILE] [--any-setting value]
 */
const USAGE = `npm run train -- [--preset ${PRESET_IDS.join('|')}] [--faces PATH|synthetic] [--out DIR] [--json FILE]

--faces takes a folder or a .zip with one folder per person. --out gets run.json, metrics.csv and events.csv.
Every setting of a run is a flag:
`;

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    console.log(USAGE + describeSettings());
    return;
  }
  const { own, settings } = readArguments(argv, ['preset', 'out', 'json']);
  const path = settings.faces === undefined || settings.faces === 'synthetic' ? undefined : settings.faces;
  const faces = path === undefined ? 'synthetic' : 'own';
  const base = own.preset === undefined ? DEFAULT_CONFIG : withPreset(presetNamed(own.preset), DEFAULT_CONFIG);
  const { config, notices } = readConfig({ ...settings, faces }, base);
  if (notices.length > 0) throw new UsageError(notices.map(({ message }) => message).join('\n'));

  await installWebGpu();
  const engine = await openEngine({ preference: config.backend });
  console.error(`Engine: ${engine.info.backend} on ${engine.info.adapter}`);
  const set = await facesOf(path, config);
  const session = new Session({ runId: 'run', config, faces: set, engine });
  process.once('SIGINT', () => session.stop());

  const recorder = new RunRecorder();
  const bar = new SingleBar({
    format: '{bar} {value}/{total} steps | {eta_formatted} left | {state}',
    stream: process.stderr,
    noTTYOutput: true,
    notTTYSchedule: 20_000,
  });
  for await (const event of session.run()) {
    recorder.add(event);
    show(bar, event);
    if (event.type === 'failed') throw new RunFailure(event.failure);
  }
  bar.stop();
  session.dispose();
  write(recorder.report(config), own.out, own.json);
}

function presetNamed(name: string): PresetId {
  const id = PRESET_IDS.find((preset) => preset === name);
  if (id === undefined) throw new UsageError(`There is no preset "${name}". Choose one of ${PRESET_IDS.join(', ')}.`);
  return id;
}

async function facesOf(path: string | undefined, config: RunConfig): Promise<FaceSet> {
  const { imageSize: size, region, seed, identities, imagesPerIdentity } = config;
  if (path === undefined) {
    const bar = new SingleBar({ format: '{bar} {value}/{total} faces drawn', stream: process.stderr });
    bar.start(identities * imagesPerIdentity, 0);
    const progress = (done: number) => bar.update(done);
    const faces = await population({ seed, identities, imagesPerIdentity, size, region, variation: 'lfw', progress });
    bar.stop();
    return faces;
  }
  const imported = await importFaces({ name: basename(path), files: await filesOf(path), decode: decodeWithSharp });
  for (const note of imported.notes) console.error(note);
  return faceSetOf(imported, { size, region });
}

const state = { accuracy: '', inactive: '' };

function show(bar: SingleBar, event: RunEvent): void {
  switch (event.type) {
    case 'started': {
      const { identities, images, pairs } = event.data;
      console.error(`${identities} people, ${images} images, ${pairs} held-out pairs, ${event.parameters} parameters`);
      bar.start(event.totalSteps, 0, { state: 'compiling' });
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

function write(report: RunReport, out: string | undefined, json: string | undefined): void {
  const text = JSON.stringify(report);
  const files: readonly (readonly [string, string])[] = [
    ...(json === undefined ? [] : [[json, text] as const]),
    ...(out === undefined
      ? []
      : [
          [join(out, 'run.json'), text] as const,
          [join(out, 'metrics.csv'), metricsCsv(report)] as const,
          [join(out, 'events.csv'), eventsCsv(report)] as const,
        ]),
  ];
  for (const [file, content] of files) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  for (const [name, arm] of Object.entries(report.arms)) {
    const accuracy = arm.accuracy.at(-1);
    const right = accuracy === undefined ? '' : `, ${(100 * accuracy.value).toFixed(1)} % of held-out pairs right`;
    console.log(`${name}: ${(100 * (arm.inactiveShare.at(-1) ?? 0)).toFixed(0)} % inactive${right}`);
  }
  console.log(`${report.backend} on ${report.adapter}, ${report.stepMs.toFixed(0)} ms a step of all arms`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  // What the user can mend is a sentence; anything else is a defect and shows where it came from.
  if (error instanceof UsageError) console.error(`${error.message}\nnpm run train -- --help lists all flags.`);
  else if (error instanceof RunFailure) console.error(`${error.failure.message} ${error.failure.hint}`);
  else if (error instanceof Error && 'hint' in error) console.error(`${error.message} ${error.hint}`);
  else console.error(error);
  process.exitCode = 1;
});
