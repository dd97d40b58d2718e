import { type Zippable, zipSync } from 'fflate';
import { z } from 'zod';
import { type ConfigNotice, type RunConfig, readConfig } from '../config/run-config.ts';
import { crc32 } from '../formats/crc32.ts';
import { floatsOf, readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { unzip } from '../formats/zip.ts';
import { architectureOf, firstKernelShape } from '../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../network/network-state.ts';
import { CENTRES_NAME, parametersOf } from '../network/parameters.ts';
import { ARMS, type ArmName } from '../record/arm.ts';
import type { RunHistory } from '../record/run-history.ts';
import { exportSafetensors } from './export/safetensors.ts';
import { exportTfjs } from './export/tfjs.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { asModelProblem, ModelProblem, shown } from './model-problem.ts';
import { damagedRun, jsonOf } from './run-problem.ts';
import { eventsCsv, metricsCsv } from './run-tables.ts';

/** Of run.json. 1: without history, checksums and faces. */
export const RUN_FORMAT_VERSION = 2;

/** Letters of a name from a file that are kept. */
const LONGEST_NAME = 120;

/** One arm as it stood at the archive's step. */
export interface ArchivedArm {
  readonly name: ArmName;
  /** With the optimiser's slots, so that training can go on bit for bit. */
  readonly state: NetworkState;
}

/** The user's own faces that a run was trained on. The archive names them and holds none of them. */
export interface ArchivedFaces {
  /** What was dropped: a folder, a .zip. Text from outside. */
  readonly name: string;
  readonly identities: number;
  readonly images: number;
}

/** What a run's archive holds. A `Checkpoint` of training/checkpoint.ts is config, step and arms of it. */
export interface RunArchive {
  readonly config: RunConfig;
  /** Steps finished. */
  readonly step: number;
  readonly arms: readonly ArchivedArm[];
  /** Version of the software that wrote it. */
  readonly version: string;
  readonly engine: {
    readonly backend: string;
    readonly adapter: string;
    /** EngineInfo's variants: with others a run that goes on sums in another order. */
    readonly variants?: Readonly<Record<string, string>> | undefined;
  };
  /** What was measured so far; archives of version 1 have none. */
  readonly history?: RunHistory | undefined;
  /** What the user called the run. */
  readonly name?: string | undefined;
  readonly faces?: ArchivedFaces | undefined;
}

const runSchema = z.object({
  format: z.literal('craft-playground-run'),
  formatVersion: z.int().min(1),
  config: z.record(z.string(), z.unknown()),
  step: z.int().min(0),
  arms: z.array(z.enum(ARMS)).min(1).max(2),
  version: z.string(),
  engine: z.object({
    backend: z.string(),
    adapter: z.string(),
    variants: z.record(z.string(), z.string()).optional(),
  }),
  name: z.string().optional(),
  faces: z.object({ name: z.string(), identities: z.int().min(0), images: z.int().min(0) }).optional(),
  crc32: z.record(z.string(), z.int()).optional(),
});

/**
 * Packs a run into one zip: run.json (config, seed, step, versions, adapter), metrics.csv, events.csv,
 * history.safetensors (all that was measured), and for each arm a folder with model.json + weights.bin (TensorFlow.js),
 * model.safetensors (PyTorch's layouts) and state.safetensors (everything, optimiser included, in the playground's own
 * layouts). Weights hardly shrink, so they are stored. `pictures` are further files, by name.
 * @throws ExportError where an arm's state is not the config's
 */
export function writeRunArchive(
  run: RunArchive,
  pictures: ReadonlyMap<string, Uint8Array> = new Map(),
): Uint8Array<ArrayBuffer> {
  const { config, step, arms, version, engine, history, name, faces } = run;
  const text = (content: string) => new TextEncoder().encode(content);
  const files: Zippable = {};
  const checked: Record<string, Uint8Array> = {};
  for (const { name: arm, state } of arms) {
    const network = { config, state, step, arm };
    const { model, weights } = exportTfjs(network, version);
    files[`${arm}/model.json`] = text(model);
    files[`${arm}/weights.bin`] = weights;
    files[`${arm}/model.safetensors`] = exportSafetensors(network);
    checked[`${arm}/state.safetensors`] = writeSafetensors(
      new Map([...state].map(([tensor, { shape, values }]) => [tensor, { shape, data: values }] as const)),
      { layout: 'convolutions [k, k, in, out], images height, width, channels', step: String(step) },
    );
  }
  if (history !== undefined) {
    files['metrics.csv'] = text(metricsCsv(history));
    files['events.csv'] = text(eventsCsv(history));
    checked['history.safetensors'] = writeHistory(history);
  }
  const about = {
    format: 'craft-playground-run',
    formatVersion: RUN_FORMAT_VERSION,
    version,
    name,
    seed: config.seed,
    step,
    arms: arms.map(({ name: arm }) => arm),
    engine,
    faces,
    config,
    crc32: Object.fromEntries(Object.entries(checked).map(([file, bytes]) => [file, crc32(bytes)])),
  };
  const packed: Zippable = {
    'run.json': text(JSON.stringify(about, null, 2)),
    ...files,
    ...Object.fromEntries(pictures),
  };
  for (const [file, bytes] of Object.entries(checked)) {
    // Flags and steps of a history shrink; weights do not.
    packed[file] = file === 'history.safetensors' ? [bytes, { level: 6 }] : bytes;
  }
  return new Uint8Array(zipSync(packed, { level: 0 }));
}

/**
 * Reads a run's archive. Settings are validated and clamped as any that come from outside; `notices` tells what was
 * changed. Every arm's state is checked against the network that the settings ask for.
 * @throws ModelProblem
 */
export function readRunArchive(bytes: Uint8Array): RunArchive & { readonly notices: readonly ConfigNotice[] } {
  try {
    return read(bytes);
  } catch (error) {
    throw asModelProblem(error);
  }
}

const READ = /^(run\.json|history\.safetensors|\w+\/state\.safetensors)$/;

function read(bytes: Uint8Array): ReturnType<typeof readRunArchive> {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = unzip(plain, 'run', (name) => READ.test(name));
  const run = runSchema.safeParse(jsonOf(new TextDecoder().decode(files.get('run.json') ?? new Uint8Array(0))));
  if (!run.success) {
    throw new ModelProblem(
      'not-a-model',
      'This zip is no run: it has no run.json of one.',
      'Choose a .zip that was saved from a run.',
    );
  }
  const { step: steps, arms, version, engine, formatVersion, name, faces } = run.data;
  if (formatVersion > RUN_FORMAT_VERSION) {
    throw new ModelProblem(
      'unsupported',
      `This run was saved by a newer version of the playground (format ${formatVersion}, known here up to ${RUN_FORMAT_VERSION}).`,
      'Reload the page to get the newest version, or open the run where it was saved.',
    );
  }
  for (const [file, checksum] of Object.entries(run.data.crc32 ?? {})) {
    const found = files.get(file);
    if (found !== undefined && crc32(found) !== checksum) throw damaged(`"${shown(file)}" is not what was saved`);
  }
  const settings = readConfig(run.data.config);
  const [first = 'craft', second] = new Set(arms);
  // Arms that are not in the file cannot go on.
  const config = { ...settings.config, arms: second === undefined ? first : ('both' as const) };
  const step = Math.min(steps, config.steps);
  const history = files.get('history.safetensors');
  const kernelShape = firstKernelShape(architectureOf(config, 2));
  return {
    config,
    notices: settings.notices,
    step,
    version,
    engine,
    ...(name === undefined ? {} : { name: name.slice(0, LONGEST_NAME) }),
    ...(faces === undefined ? {} : { faces: { ...faces, name: faces.name.slice(0, LONGEST_NAME) } }),
    ...(history === undefined ? {} : { history: readHistory(history, kernelShape, step) }),
    arms: [...new Set(arms)].map((arm) => ({
      name: arm,
      state: stateOf(arm, files.get(`${arm}/state.safetensors`), config),
    })),
  };
}

function stateOf(arm: string, bytes: Uint8Array | undefined, config: RunConfig): NetworkState {
  if (bytes === undefined) throw damaged(`the weights of the arm "${arm}" are missing`);
  const { tensors } = readSafetensors(bytes);
  const classes = tensors.get(CENTRES_NAME)?.shape[0] ?? 0;
  const state = new Map<string, StateTensor>();
  for (const [name, shape] of stateShapes(parametersOf(architectureOf(config, classes)))) {
    const tensor = tensors.get(name);
    const values = tensor?.type === 'F32' ? floatsOf(tensor) : undefined;
    if (tensor === undefined || values === undefined) throw damaged(`"${name}" of the arm "${arm}" is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw damaged(`"${name}" is [${tensor.shape.slice(0, 8)}], but its settings ask for [${shape}]`);
    }
    state.set(name, { shape, values });
  }
  return state;
}

function damaged(what: string): ModelProblem {
  return damagedRun('run', what);
}
