import { type FileKind, fileKind, KIND_BYTES } from '../../faces/import/file-kind.ts';
import type { Budget } from '../../formats/budget.ts';
import { readJson } from '../../formats/json.ts';
import { latin1Text } from '../../formats/latin1.ts';
import { type ModelKindId, READ_MODELS } from '../../formats/model-kinds.ts';
import { looksLikeZip } from '../../formats/zip.ts';
import { asModelProblem, checkModelSize, ModelProblem, shown } from '../model-problem.ts';
import { byLikeness } from './face-network.ts';
import { type Candidate, type FindBeside, type ModelFile, ModelFiles, nameOf } from './model-files.ts';
import { areParts, partOfIndex, partsOf } from './model-parts.ts';
import type { ModelTensors } from './model-tensors.ts';
import { readOnnxModel } from './onnx-model.ts';

/** A model as one of the readers gives it. */
type Reading = Omit<ModelTensors, 'file' | 'others'>;

/** Reads a file of one kind; loaded with the first such file. Undefined where the file is no model after all. */
type Reader = (file: Candidate, files: ModelFiles) => Promise<Reading | undefined>;

/** The readers of the kinds in formats/model-kinds.ts that have no `convert`. */
const READERS: Partial<Record<ModelKindId, Reader>> = {
  tfjs: async (file, files) => {
    const { readTfjsFile } = await import('./tfjs-model.ts');
    return readTfjsFile(file.bytes, (path) => files.find(file.name, path), files.budget) ?? readIndexed(file, files);
  },
  onnx: async (file, files) => {
    const source = { bytes: file.bytes, fileOf: (path: string) => files.find(file.name, path) };
    return { ...readOnnxModel(file.bytes, source.fileOf, files.budget), source };
  },
  hdf5: async ({ bytes }, { budget }) => (await import('./keras-file.ts')).readKerasHdf5(bytes, budget),
  'keras-zip': async ({ bytes }, { budget }) => (await import('./keras-file.ts')).readKerasZip(bytes, budget),
  tflite: async ({ bytes }, { budget }) => (await import('./tflite-model.ts')).readTfliteModel(bytes, budget),
  tensorflow: async ({ bytes }, { budget }) =>
    (await import('./tensorflow-model.ts')).readTensorflowModel(bytes, budget),
  mxnet: async (file, files) =>
    (await import('./mxnet-model.ts')).readMxnetModel(file, (path) => files.find(file.name, path), files.budget),
  caffe: async ({ bytes }, { budget }) => (await import('./caffe-network.ts')).readCaffeNetwork(bytes, budget),
  pytorch: async (file, files) =>
    (await import('./tensor-files.ts')).readCheckpoint(partsOf(file, files), files.budget),
  'torch-export': async ({ bytes }, { budget }) => (await import('./tensor-files.ts')).readExported(bytes, budget),
  safetensors: async (file, files) =>
    (await import('./tensor-files.ts')).readTensors(partsOf(file, files), files.budget),
  npz: async ({ bytes }, { budget }) => (await import('./tensor-files.ts')).readArrays(bytes, budget),
  npy: async ({ bytes }, { budget }) => (await import('./tensor-files.ts')).readArray(bytes, budget),
};

/** The model whose parts a JSON names; undefined where it names none. */
async function readIndexed(index: Candidate, files: ModelFiles): Promise<Reading | undefined> {
  const part = partOfIndex(readJson(index.bytes, files.budget), index, files);
  const [candidate] = part === undefined ? [] : new ModelFiles([part], undefined, files.budget).candidates;
  if (candidate === undefined || candidate.kind.id === 'tfjs') return undefined;
  return READERS[candidate.kind.id]?.(candidate, files);
}

export interface ReadOptions {
  /** Which of several models, by its name in `file` or `others` of the first answer. */
  readonly file?: string;
  /** Which arm of a saved run. */
  readonly arm?: string | undefined;
  /** Finds files that were not chosen, where there is a folder to look in. */
  readonly beside?: FindBeside;
  /** The memory that reading may take; by the size of the files where it is not given. */
  readonly budget?: Budget;
}

/**
 * Reads the convolutions of a trained model. Content and not the name decides the kind; a zip may hold a model, or
 * several. Of several the one that looks like a face network is read. Nothing in the files is run.
 * @throws ModelProblem
 */
export async function readModel(files: readonly ModelFile[], options: ReadOptions = {}): Promise<ModelTensors> {
  checkModelSize(files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  try {
    // Node's Buffer copies where Uint8Array does not, and the other way round.
    const plain = files.map(({ name, bytes }) => ({
      name,
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }));
    return await readAny(new ModelFiles(plain, options.beside, options.budget), options);
  } catch (error) {
    throw asModelProblem(error);
  }
}

async function readAny(files: ModelFiles, { file: wanted, arm }: ReadOptions): Promise<ModelTensors> {
  const readable = files.candidates.filter(({ kind }) => READERS[kind.id] !== undefined);
  const ordered = await byPreference(readable, files.budget);
  const named = wanted === undefined ? ordered : fileNamed(wanted, ordered, files);
  const chosen = arm === undefined ? named : named.filter(({ name }) => armOf(name) === arm);
  if (arm !== undefined && chosen.length === 0) throw noArm(arm, ordered);
  for (const file of chosen) {
    const model = await READERS[file.kind.id]?.(file, files);
    if (model === undefined) continue;
    if (model.convolutions.length === 0) {
      throw new ModelProblem(
        'no-convolution',
        `No 2-D convolution found in "${shown(nameOf(file.name))}".`,
        `Expected a network for images: ${READ_MODELS}.`,
      );
    }
    const others = ordered.filter(
      (other) =>
        other !== file &&
        other.kind.id === file.kind.id &&
        (other.kind.id !== 'tfjs' || holdsManifest(other)) &&
        !areParts(other.name, file.name),
    );
    return { ...model, ...(await asOwn(model, file, files)), file: file.name, others: others.map(({ name }) => name) };
  }
  throw noModel(files);
}

/**
 * The network in a file of our own exporters, and where the file is not ONNX, its graph, which runs and leaves nothing to be
 * guessed from names.
 */
async function asOwn({ source, format }: Reading, file: Candidate, files: ModelFiles): Promise<Partial<ModelTensors>> {
  try {
    const { onnxOf, ownNetwork } = await import('./own-network.ts');
    const own = ownNetwork(file, files);
    if (own === undefined) return {};
    if (source !== undefined) return { own };
    const numbers = [...own.weights.values()].reduce((sum, { values }) => sum + values.length, 0);
    files.budget.charge(12 * numbers, 'its weights');
    const fileOf = () => undefined;
    const graph = readOnnxModel(onnxOf(own, 'kept'), fileOf, files.budget);
    // With batch norm in the biases more channels are proved to add nothing.
    return { ...graph, format, own, source: { bytes: onnxOf(own, 'folded'), fileOf } };
  } catch (error) {
    const problem = asModelProblem(error);
    // It is still a model to look at.
    if (problem instanceof ModelProblem) return { own: problem };
    throw error;
  }
}

/** Whether a .json can be a TensorFlow.js model: a run's archive has others beside its models. */
function holdsManifest({ bytes }: Candidate): boolean {
  const text = latin1Text(bytes);
  return text.includes('"weightsManifest"') || text.trimStart().startsWith('[');
}

/** The arm whose file it is in the archive of a run, unpacked or not; undefined for any other file. */
function armOf(name: string): string | undefined {
  return /(?:^|\/)([^/]+)\/model\.json$/.exec(name)?.[1];
}

/** The model of that path, or the only one of that name; none where the file is no model. @throws ModelProblem */
function fileNamed(wanted: string, models: readonly Candidate[], { all }: ModelFiles): readonly Candidate[] {
  const [alike, ...more] = models.filter(({ name }) => nameOf(name) === wanted);
  const found = models.find(({ name }) => name === wanted) ?? (more.length === 0 ? alike : undefined);
  if (found !== undefined) return [found];
  if (alike === undefined && all.some(({ name }) => name === wanted || nameOf(name) === wanted)) return [];
  const names = models.slice(0, MOST_NAMED).map(({ name }) => `"${shown(name)}"`);
  const rest = models.length > MOST_NAMED ? ` and ${models.length - MOST_NAMED} more` : '';
  throw new ModelProblem(
    'missing-file',
    alike === undefined
      ? `There is no model "${shown(wanted)}" in these files.`
      : `There are ${more.length + 1} models "${shown(wanted)}" in these files.`,
    names.length === 0 ? `Choose a model: ${READ_MODELS}.` : `The models are ${names.join(', ')}${rest}.`,
  );
}

const MOST_NAMED = 12;

function noArm(arm: string, models: readonly Candidate[]): ModelProblem {
  const arms = models.flatMap(({ name }) => armOf(name) ?? []);
  return new ModelProblem(
    'missing-file',
    `There is no arm "${shown(arm)}" in these files.`,
    arms.length === 0 ? "Only a run's .zip has arms." : `The run has ${arms.map(shown).join(' and ')}.`,
  );
}

/** Models that look like face networks first, else in their own order. */
async function byPreference(candidates: readonly Candidate[], budget: Budget): Promise<readonly Candidate[]> {
  // A TensorFlow.js model is known by its .json; its .bin files may look like anything.
  const front = candidates.filter(({ kind }) => kind.id === 'tfjs');
  const onnx = candidates.filter(({ kind }) => kind.id === 'onnx');
  const rest = candidates.filter(({ kind }) => kind.id !== 'tfjs' && kind.id !== 'onnx');
  const models = byLikeness(onnx, budget);
  // The file that comes first decides about the kind.
  return candidates.find(({ kind }) => kind.id !== 'tfjs')?.kind.id === 'onnx'
    ? [...front, ...models, ...rest]
    : [...front, ...rest, ...models];
}

/** Kinds of files that are not models but are easily dropped as one. */
const FOUND: Partial<Record<FileKind, string>> = {
  'pairs-bin': 'a pickle, as of verification pairs',
  records: 'MXNet records of training images',
  'record-index': 'the index of MXNet records',
  image: 'an image',
};

function noModel({ all, candidates }: ModelFiles): ModelProblem {
  const [only] = all;
  const [named] = candidates.filter(({ kind }) => kind.convert !== undefined);
  if (named !== undefined) {
    const article = /^[aeiou]/i.test(named.kind.label) ? 'an' : 'a';
    return new ModelProblem(
      'unsupported',
      `"${shown(nameOf(named.name))}" is ${article} ${named.kind.label}, which is not read here.`,
      named.kind.convert ?? '',
    );
  }
  if (only === undefined) {
    return new ModelProblem('not-a-model', 'There is no file.', `Choose a model: ${READ_MODELS}.`);
  }
  if (all.some(({ bytes }) => looksLikeZip(bytes))) {
    return new ModelProblem('unsupported', 'A zip within a zip is not opened.', 'Unpack the outer one first.');
  }
  if (all.length > 1) {
    return new ModelProblem(
      'not-a-model',
      `Could not read any of the ${all.length} files as a model.`,
      `Choose a model: ${READ_MODELS}.`,
    );
  }
  if (only.bytes.length === 0) {
    return new ModelProblem('empty-file', `"${shown(only.name)}" is empty.`, 'Copy it again.');
  }
  const found = FOUND[fileKind(only.bytes.subarray(0, KIND_BYTES))];
  return new ModelProblem(
    'not-a-model',
    `Could not read "${shown(nameOf(only.name))}" as a model.${found === undefined ? '' : ` Found: ${found}.`}`,
    `Choose a model: ${READ_MODELS}.`,
  );
}
