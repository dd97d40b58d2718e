import { type Zippable, zipSync } from 'fflate';
import { z } from 'zod';
import { type Arm, armConfig, armProblem, chosenArms, knownArm, readArm } from '../config/arm.ts';
import { decayDose } from '../config/dose.ts';
import { type ConfigNotice, readSavedConfig } from '../config/read-config.ts';
import type { RunConfig } from '../config/run-config.ts';
import { Budget } from '../formats/budget.ts';
import { crc32 } from '../formats/crc32.ts';
import { floatsOf } from '../formats/element-types.ts';
import { readJson } from '../formats/json.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { unzip } from '../formats/zip.ts';
import { architectureOf, firstKernelShape } from '../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../network/network-state.ts';
import { CENTRES_NAME, parametersOf } from '../network/parameters.ts';
import { conclusionOf } from '../record/conclusion.ts';
import { MeasuredRun } from '../record/measured-run.ts';
import type { RunHistory } from '../record/run-history.ts';
import type { WeightsOrigin } from '../record/weights-origin.ts';
import { exportSafetensors } from './export/safetensors.ts';
import { exportTfjs } from './export/tfjs.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { asModelProblem, ModelProblem, shown } from './model-problem.ts';
import { damagedRun } from './run-problem.ts';
import { eventsCsv, metricsCsv } from './run-tables.ts';

/** Of run.json. 1: without history, checksums and faces. 2: the arms are Standard and CRAFT, by their names. */
const RUN_FORMAT_VERSION = 3;

/** Letters of a name from a file that are kept. */
const LONGEST_NAME = 120;

/** One arm at the archive's step. */
export interface ArchivedArm extends Arm {
  /** With the optimiser's slots, so that training resumes bit for bit. */
  readonly state: NetworkState;
}

/** The user's own faces that a run was trained on. The archive names them and holds none of them. */
export interface ArchivedFaces {
  /** The dropped folder or .zip. Text from outside. */
  readonly name: string;
  readonly identities: number;
  readonly images: number;
}

/** The contents of a run's archive. A `Checkpoint` of training/checkpoint.ts is config, step and arms of it. */
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
    /** How many threads trained its arms. */
    readonly threads?: number | undefined;
    /** EngineInfo's variants: with others a resumed run sums in another order. */
    readonly variants?: Readonly<Record<string, string>> | undefined;
  };
  /** The measurements so far; archives of version 1 have none. */
  readonly history?: RunHistory | undefined;
  /** The user's name for the run. */
  readonly name?: string | undefined;
  readonly faces?: ArchivedFaces | undefined;
  /** Where the first weights came from that were not drawn from the seed: the settings alone do not repeat such a run. */
  readonly weights?: WeightsOrigin | undefined;
}

/** Of one file; each is a network. */
const MOST_ARMS = 100;

const runSchema = z.object({
  format: z.literal('craft-playground-run'),
  formatVersion: z.int().min(1),
  config: z.record(z.string(), z.unknown()),
  step: z.int().min(0),
  arms: z.union([
    z.array(z.enum(['standard', 'craft'])),
    z.array(z.object({ name: z.string(), settings: z.record(z.string(), z.unknown()) })).max(MOST_ARMS),
  ]),
  version: z.string(),
  engine: z.object({
    backend: z.string(),
    adapter: z.string(),
    threads: z.int().min(1).optional(),
    variants: z.record(z.string(), z.string()).optional(),
  }),
  name: z.string().optional(),
  faces: z.object({ name: z.string(), identities: z.int().min(0), images: z.int().min(0) }).optional(),
  weights: z
    .object({
      file: z.string(),
      arm: z.string(),
      step: z.int().min(0),
      crc32: z.int().min(0),
      centres: z.enum(['file', 'seed']),
    })
    .optional(),
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
  const { config, step, arms, version, engine, history, name, faces, weights: origin } = run;
  const text = (content: string) => new TextEncoder().encode(content);
  const files: Zippable = {};
  const checked: Record<string, Uint8Array> = {};
  for (const arm of arms) {
    const { state } = arm;
    const network = { config: armConfig(config, arm), state, step, arm: arm.name };
    const { model, weights } = exportTfjs(network, version);
    files[`${arm.name}/model.json`] = text(model);
    files[`${arm.name}/weights.bin`] = weights;
    files[`${arm.name}/model.safetensors`] = exportSafetensors(network);
    checked[`${arm.name}/state.safetensors`] = writeSafetensors(
      new Map([...state].map(([tensor, { shape, values }]) => [tensor, { shape, data: values }] as const)),
      { layout: 'convolutions [k, k, in, out], images height, width, channels', step: String(step) },
    );
  }
  if (history !== undefined) {
    files['metrics.csv'] = text(metricsCsv(history));
    files['events.csv'] = text(eventsCsv(history));
    checked['history.safetensors'] = writeHistory(history);
  }
  const { sum, shrink } = decayDose(config);
  const conclusion = history && conclusionOf(MeasuredRun.of(config, step, history));
  const about = {
    format: 'craft-playground-run',
    formatVersion: RUN_FORMAT_VERSION,
    version,
    name,
    seed: config.seed,
    step,
    arms: arms.map(({ name: arm, settings }) => ({ name: arm, settings })),
    engine,
    faces,
    weights: origin,
    config,
    dose: { sum, shrink },
    ...(conclusion === undefined ? {} : { conclusion: conclusion.sentences }),
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
 * Reads a run's archive. Settings are validated and clamped as any that come from outside; `notices` reports
 * the changes. Every arm's state is checked against the network that the settings ask for.
 * @throws ModelProblem
 */
export function readRunArchive(
  bytes: Uint8Array,
  budget = new Budget(bytes.length),
): RunArchive & { readonly notices: readonly ConfigNotice[] } {
  try {
    return read(bytes, budget);
  } catch (error) {
    throw asModelProblem(error);
  }
}

const READ = /^(run\.json|history\.safetensors|[\w-]+\/state\.safetensors)$/;

function read(bytes: Uint8Array, budget: Budget): ReturnType<typeof readRunArchive> {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = unzip(plain, 'run', (name) => READ.test(name), budget);
  const about = runJson(files, budget);
  const { step: steps, version, engine, formatVersion, name, faces, weights } = about;
  if (formatVersion > RUN_FORMAT_VERSION) {
    throw new ModelProblem(
      'unsupported',
      `This run was saved by a newer version of the playground (format ${formatVersion}, known here up to ${RUN_FORMAT_VERSION}).`,
      'Reload the page to get the newest version, or open the run where it was saved.',
    );
  }
  for (const [file, checksum] of Object.entries(about.crc32 ?? {})) {
    const found = files.get(file);
    if (found !== undefined && crc32(found) !== checksum) throw damaged(`"${shown(file)}" does not match its checksum`);
  }
  const settings = readSavedConfig(about.config);
  const { arms, notices } = readArms(about.arms, settings.config);
  // Arms that are not in the file cannot be trained.
  const config = { ...settings.config, arms: chosenArms(arms) };
  const step = Math.min(steps, config.steps);
  const history = files.get('history.safetensors');
  return {
    config,
    notices: [...settings.notices, ...notices.map((message) => ({ key: 'arms', message }))],
    step,
    version,
    engine,
    ...(name === undefined ? {} : { name: name.slice(0, LONGEST_NAME) }),
    ...(faces === undefined ? {} : { faces: { ...faces, name: faces.name.slice(0, LONGEST_NAME) } }),
    ...(weights === undefined ? {} : { weights: { ...weights, file: weights.file.slice(0, LONGEST_NAME) } }),
    ...(history === undefined ? {} : { history: readHistory(history, firstShapes(config, arms), step, budget) }),
    arms: arms.map((arm) => ({
      ...arm,
      state: stateOf(arm.name, files.get(`${arm.name}/state.safetensors`), armConfig(config, arm), budget),
    })),
  };
}

/**
 * The settings that the first arm of a run's archive was trained with, those of them that the archive has; nothing else of
 * it is read. @throws ModelProblem
 */
export function trainedSettings(bytes: Uint8Array<ArrayBuffer>): Partial<RunConfig> {
  try {
    const budget = new Budget(bytes.length);
    const about = runJson(
      unzip(bytes, 'run', (name) => name === 'run.json', budget),
      budget,
    );
    const { config } = readSavedConfig(about.config);
    const [arm] = readArms(about.arms, config).arms;
    const settings = arm === undefined ? config : armConfig(config, arm);
    const written = new Set([...Object.keys(about.config), ...Object.keys(arm?.settings ?? {})]);
    return Object.fromEntries(Object.entries(settings).filter(([key]) => written.has(key)));
  } catch (error) {
    throw asModelProblem(error);
  }
}

function runJson(files: ReadonlyMap<string, Uint8Array>, budget: Budget): z.infer<typeof runSchema> {
  const run = runSchema.safeParse(readJson(files.get('run.json') ?? new Uint8Array(0), budget));
  if (run.success) return run.data;
  throw new ModelProblem(
    'not-a-model',
    'This zip is no run: it has no run.json of one.',
    'Choose a .zip that was saved from a run.',
  );
}

/** The arms of a run.json; before version 3 it names them alone. */
function readArms(
  listed: z.infer<typeof runSchema>['arms'],
  config: RunConfig,
): { readonly arms: readonly Arm[]; readonly notices: readonly string[] } {
  const read = [...new Set<(typeof listed)[number]>(listed)].map((arm) =>
    typeof arm === 'string' ? { arm: knownArm(arm), notices: [] } : readArm(arm.name, arm.settings, config),
  );
  const arms = read.map(({ arm }) => arm);
  const problem = armProblem(arms);
  if (problem !== undefined) throw damaged(`it has arms that no run can have (${problem.replace(/\.$/, '')})`);
  return { arms, notices: read.flatMap(({ notices }) => notices) };
}

/** The shapes of the arms' first kernels, as a history of the run has them. */
export function firstShapes(config: RunConfig, arms: readonly Arm[]): Pick<RunHistory, 'kernelShape' | 'kernelShapes'> {
  const shapeOfFirst = (settings: RunConfig) => firstKernelShape(architectureOf(settings, 2));
  const shapes = arms.map((arm) => [arm.name, shapeOfFirst(armConfig(config, arm))] as const);
  const kernelShape = shapes[0]?.[1] ?? shapeOfFirst(config);
  const others = shapes.filter(([, shape]) => shape.join() !== kernelShape.join());
  return others.length === 0 ? { kernelShape } : { kernelShape, kernelShapes: Object.fromEntries(others) };
}

function stateOf(arm: string, bytes: Uint8Array | undefined, config: RunConfig, budget: Budget): NetworkState {
  if (bytes === undefined) throw damaged(`the weights of the arm "${arm}" are missing`);
  const { tensors } = readSafetensors(bytes, budget);
  budget.charge(bytes.length, 'its weights');
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

function damaged(fault: string): ModelProblem {
  return damagedRun('run', fault);
}
