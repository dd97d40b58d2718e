import { type Arm, armConfig } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { crc32 } from '../formats/crc32.ts';
import { joinBytes } from '../formats/join-bytes.ts';
import { looksLikeZip } from '../formats/zip.ts';
import { architectureOf } from '../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../network/network-state.ts';
import { CENTRES_NAME, initialValues, parametersOf, sizeOf } from '../network/parameters.ts';
import type { WeightsOrigin } from '../record/weights-origin.ts';
import { entriesOf, type FindBeside, type ModelFile, ModelFiles, nameOf } from './import/model-files.ts';
import { type OwnNetwork, ownNetwork } from './import/own-network.ts';
import { asModelProblem, ModelProblem, shown } from './model-problem.ts';
import { type ArchivedArm, type ArchivedFaces, readRunArchive } from './run-archive.ts';

/** A network that was trained here, to begin a run with. */
export interface FirstWeights extends OwnNetwork {
  readonly file: string;
  /** The user's own faces that it was trained on, where the file names them. */
  readonly faces: ArchivedFaces | undefined;
}

/**
 * Reads a network to train on from: an arm of a run's .zip, or a file that our own exporters wrote. `file` names one of
 * several models, `arm` an arm of a run.
 * @throws ModelProblem for any other file, and where a run has several arms and none is named
 */
export async function readFirstWeights(
  files: readonly ModelFile[],
  options: { readonly file?: string; readonly arm?: string | undefined; readonly beside?: FindBeside } = {},
): Promise<FirstWeights> {
  const { arm, file: wanted, beside } = options;
  const zip = runAmong(files, wanted);
  if (zip !== undefined) return armOfRun(zip, arm);
  const [given] = files;
  // As the user knows it: a zip, where the model is in one.
  const nameIn = (inside: string) => nameOf(files.length === 1 && given !== undefined ? given.name : inside);
  const { own, file } = ownAmong(files, wanted, beside);
  if (own === undefined) {
    throw new ModelProblem(
      'unsupported',
      `"${shown(nameIn(file))}" was not trained here, so that its recipe is not known.`,
      "Give a run's .zip, or a network exported from the playground. Inspect writes the lines that train a PyTorch model again.",
    );
  }
  if (arm !== undefined && arm !== own.arm) {
    const held = `"${shown(nameIn(file))}" holds the arm "${shown(own.arm)}" alone`;
    throw new ModelProblem('missing-file', `There is no arm "${shown(arm)}": ${held}.`, 'Leave the arm out.');
  }
  return { ...own, file: nameIn(file), faces: undefined };
}

/** The run's .zip among files; with a model `wanted` the one that holds it. */
function runAmong(files: readonly ModelFile[], wanted: string | undefined): ModelFile | undefined {
  try {
    return files.find(({ bytes }) => {
      const entries = looksLikeZip(bytes) ? entriesOf(bytes) : [];
      return entries.includes('run.json') && (wanted === undefined || entries.includes(wanted));
    });
  } catch (error) {
    throw asModelProblem(error);
  }
}

/**
 * The first network of our own, of several models the one `wanted`. Not by readModel, whose readers of every other kind
 * would be built into the worker of runs as well.
 */
function ownAmong(
  files: readonly ModelFile[],
  wanted: string | undefined,
  beside: FindBeside | undefined,
): { readonly own: OwnNetwork | undefined; readonly file: string } {
  try {
    // Node's Buffer copies where Uint8Array does not, and the other way round.
    const plain = files.map(({ name, bytes }) => ({
      name,
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }));
    const found = new ModelFiles(plain, beside);
    const candidates = found.candidates.filter(({ name }) => wanted === undefined || name === wanted);
    for (const candidate of candidates) {
      const own = ownNetwork(candidate, found);
      if (own !== undefined) return { own, file: candidate.name };
    }
    return { own: undefined, file: wanted ?? files[0]?.name ?? '' };
  } catch (error) {
    throw asModelProblem(error);
  }
}

function armOfRun({ name, bytes }: ModelFile, wanted: string | undefined): FirstWeights {
  const { config, arms, step, faces } = readRunArchive(bytes);
  const [only, ...others] = arms;
  const arm = wanted === undefined && others.length === 0 ? only : arms.find((one) => one.name === wanted);
  if (arm === undefined) {
    const fault = wanted === undefined ? 'The run has several arms.' : `The run has no arm "${shown(wanted)}".`;
    throw new ModelProblem('missing-file', fault, `Name one of ${arms.map((one) => one.name).join(', ')}.`);
  }
  const own = armConfig(config, arm);
  const classes = arm.state.get(CENTRES_NAME)?.shape[0] ?? 0;
  const names = new Set(parametersOf(architectureOf(own, classes)).map((parameter) => parameter.name));
  const weights = new Map([...arm.state].filter(([tensor]) => names.has(tensor)));
  return { config: own, arm: arm.name, step, weights, file: nameOf(name), faces };
}

/** The settings of a run that trains on: the network's own, with CRAFT in one of its arms. */
export function settingsToTrainOn({ config }: Pick<FirstWeights, 'config'>): RunConfig {
  return { ...config, craft: true, arms: config.arms === 'standard' ? 'both' : config.arms };
}

/**
 * The arms of a run at step 0 that begins with these weights, momentum at zero. Class centres are the file's where the
 * run trains on as many people, chosen alike; else they are drawn from the run's seed, as those of any run.
 * @throws ModelProblem where an arm's network has another shape
 */
export function armsFrom(
  weights: FirstWeights,
  run: { readonly config: RunConfig; readonly arms: readonly Arm[]; readonly people: number },
): { readonly arms: readonly ArchivedArm[]; readonly origin: WeightsOrigin } {
  const { config, people } = run;
  const same = samePeople(weights.config, config) && weights.weights.get(CENTRES_NAME)?.shape[0] === people;
  const backbone = new Map([...weights.weights].filter(([name]) => name !== CENTRES_NAME));
  const given = same ? weights.weights : backbone;
  const arms = run.arms.map((arm) => ({ ...arm, state: stateOf(given, armConfig(config, arm), people, weights.file) }));
  const numbers = [...backbone.values()].map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  const { file, arm, step } = weights;
  return { arms, origin: { file, arm, step, crc32: crc32(joinBytes(numbers)), centres: same ? 'file' : 'seed' } };
}

/** Whether two runs train on the same people, as far as their settings say. */
function samePeople(one: RunConfig, other: RunConfig): boolean {
  const keys = ['faces', 'heldOutShare', 'splitSeed'] as const;
  const drawn = ['identities', 'imagesPerIdentity', 'facesSeed'] as const;
  return [...keys, ...(one.faces === 'own' ? [] : drawn)].every((key) => one[key] === other[key]);
}

function stateOf(given: NetworkState, config: RunConfig, people: number, file: string): NetworkState {
  const parameters = parametersOf(architectureOf(config, people));
  const unlike = (fault: string) =>
    new ModelProblem('inconsistent', fault, 'Leave image size, first layer, body, width and embedding as they were.');
  const state = new Map<string, StateTensor>();
  for (const spec of parameters) {
    const tensor = given.get(spec.name);
    const wanted = `the settings of the run ask for [${spec.shape}]`;
    if (tensor === undefined && spec.name !== CENTRES_NAME) {
      throw unlike(`There is no "${spec.name}" in ${shown(file)}, and ${wanted}.`);
    }
    if (tensor !== undefined && tensor.shape.join() !== spec.shape.join()) {
      throw unlike(`"${spec.name}" is [${tensor.shape}] in ${shown(file)}, but ${wanted}.`);
    }
    // Each arm has its own copy: they move between threads.
    const values = new Float32Array(tensor?.values ?? initialValues(spec, config.seed));
    state.set(spec.name, { shape: spec.shape, values });
  }
  const more = [...given.keys()].find((name) => !state.has(name));
  if (more !== undefined)
    throw unlike(`${shown(file)} has "${more}", and the settings of the run ask for no such layer.`);
  for (const [name, shape] of stateShapes(parameters)) {
    if (!state.has(name)) state.set(name, { shape, values: new Float32Array(sizeOf(shape)) });
  }
  return state;
}
