import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditLayer } from '../../craft/audit.ts';
import { DEFAULT_INSPECTION, inspectLayer } from '../../craft/inspection.ts';
import { similarFilters } from '../../craft/similar-filters.ts';
import { damageJson, SAFETENSORS_FRAME } from '../../formats/testing/damage-json.ts';
import { damageOffsets } from '../../formats/testing/damage-offsets.ts';
import { damagePickle } from '../../formats/testing/damage-pickle.ts';
import { damageProtobuf } from '../../formats/testing/damage-protobuf.ts';
import { damageZip } from '../../formats/testing/damage-zip.ts';
import { type Below, type Change, mutated, seeded } from '../../formats/testing/mutations.ts';
import { readModel } from '../import/read-model.ts';
import { SlimmableModel } from '../slim/slim-onnx.ts';
import { MODEL_SAMPLES } from './model-samples.ts';

/** A kind of model file to throw damaged ones at. */
export interface ModelFuzz {
  readonly name: string;
  /** Small sound files of the kind. */
  readonly seeds: readonly Seed[];
  /** Reads a file as the page does, and all that the page works out of it. */
  read(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<unknown>;
}

interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly damage: Change | undefined;
}

const seedFolder = join(import.meta.dirname, 'seeds');
const foreignFolder = join(import.meta.dirname, 'foreign');
const flat = damageOffsets('flatbuffer');
const hdf5 = damageOffsets('hdf5');
const json = damageJson();

/** The change for a file or an entry of an archive, by its name. */
function damageOf(name: string): Change | undefined {
  if (/\.(onnx|pb|caffemodel)$/.test(name)) return damageProtobuf;
  if (/\.(pkl|pdparams)$|legacy\.pt$/.test(name)) return damagePickle;
  if (/\.(pt|pt2|npz|keras|zip)$/.test(name)) return damageZip(damageOf);
  if (/\.json$/.test(name)) return json;
  if (/\.h5$/.test(name)) return hdf5;
  if (/\.tflite$/.test(name)) return flat;
  if (/\.safetensors$/.test(name)) return damageJson(SAFETENSORS_FRAME);
  return undefined;
}

function seedsNamed(folder: string, wanted: RegExp): readonly Seed[] {
  const names = readdirSync(folder).filter((name) => wanted.test(name));
  return names.map((name) => seed(name, new Uint8Array(readFileSync(join(folder, name)))));
}

function seed(name: string, bytes: Uint8Array, as = name): Seed {
  return { name, bytes, damage: damageOf(as) };
}

function sample(name: string, as: string): Seed {
  return seed(as, MODEL_SAMPLES[name] ?? new Uint8Array(0));
}

async function inspect(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<void> {
  await inspectFiles([{ name, bytes }]);
}

async function inspectFiles(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const { convolutions, uses } = await readModel(files);
  for (const [index, convolution] of convolutions.entries()) {
    inspectLayer(convolution);
    similarFilters(convolution);
    auditLayer(convolution, uses?.[index], DEFAULT_INSPECTION);
  }
}

/** The smaller model of a damaged one is made from all of it that can still be read. */
async function slim(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  new SlimmableModel(bytes).slim('all');
}

const mxnet = seedsNamed(foreignFolder, /^mxnet-0000\.params$/);
const mxnetParams = mxnet[0]?.bytes ?? new Uint8Array(0);

/** Every reader of models of other programs, each with its smallest files. */
export const MODEL_FUZZ: readonly ModelFuzz[] = [
  {
    name: 'PyTorch, zip',
    seeds: [sample('PyTorch, zip', 'state.pt'), ...seedsNamed(seedFolder, /^(module|parts)\.pt$/)],
    read: inspect,
  },
  {
    name: 'PyTorch, older pickles',
    seeds: [sample('PyTorch, old', 'state-legacy.pt'), ...seedsNamed(seedFolder, /legacy\.pt$/)],
    read: inspect,
  },
  { name: 'PyTorch export', seeds: seedsNamed(seedFolder, /\.pt2$/), read: inspect },
  { name: 'TorchScript', seeds: seedsNamed(seedFolder, /^(traced|frozen)\.pt$/), read: inspect },
  { name: 'pickles of numpy arrays', seeds: seedsNamed(seedFolder, /\.pkl$/), read: inspect },
  { name: 'Paddle', seeds: seedsNamed(seedFolder, /\.pdparams$/), read: inspect },
  { name: '.npy', seeds: seedsNamed(seedFolder, /\.npy$/), read: inspect },
  { name: '.npz', seeds: [sample('npz', 'plain.npz'), ...seedsNamed(seedFolder, /\.npz$/)], read: inspect },
  {
    name: 'safetensors',
    seeds: [sample('safetensors', 'plain.safetensors'), ...seedsNamed(seedFolder, /\.safetensors$/)],
    read: inspect,
  },
  { name: 'ONNX', seeds: [sample('onnx', 'plain.onnx'), ...seedsNamed(seedFolder, /\.onnx$/)], read: inspect },
  { name: 'ONNX, slimmed', seeds: seedsNamed(seedFolder, /^(slim|branches)\.onnx$/), read: slim },
  { name: 'zip packs', seeds: seedsNamed(seedFolder, /\.zip$/), read: inspect },
  {
    name: 'TensorFlow.js',
    seeds: ['layers', 'graph', 'weights'].map((kind) => sample(`TensorFlow.js ${kind}`, `${kind}.zip`)),
    read: inspect,
  },
  { name: 'TensorFlow Lite', seeds: seedsNamed(foreignFolder, /^(?!transposed).*\.tflite$/), read: inspect },
  { name: 'TensorFlow graph', seeds: seedsNamed(seedFolder, /\.pb$/), read: inspect },
  { name: 'MXNet', seeds: seedsNamed(foreignFolder, /\.params$/), read: inspect },
  {
    name: 'MXNet symbols',
    seeds: seedsNamed(foreignFolder, /symbol\.json$/),
    read: (bytes) =>
      inspectFiles([
        { name: 'mxnet-0000.params', bytes: mxnetParams },
        { name: 'mxnet-symbol.json', bytes },
      ]),
  },
  { name: 'Caffe', seeds: seedsNamed(foreignFolder, /\.caffemodel$/), read: inspect },
  { name: 'Keras .h5', seeds: seedsNamed(seedFolder, /\.h5$/), read: inspect },
  { name: 'Keras .keras', seeds: seedsNamed(seedFolder, /\.keras$/), read: inspect },
];

/** Inputs come from one generator for so many, so that any of them can be made again. */
export const FUZZ_BATCH = 500;

/** A damaged file. */
export interface Damaged {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The damaged files of a batch, the same for the same seed. */
export function* damagedBatch({ seeds }: ModelFuzz, seed: number, batch: number): Generator<Damaged> {
  const below = seeded(seed + 7919 * batch);
  // Neighbouring seeds give neighbouring numbers at first.
  for (let i = 0; i < 20; i++) below(2);
  for (let i = 0; i < FUZZ_BATCH; i++) yield damagedOf(seeds, below);
}

function damagedOf(seeds: readonly Seed[], below: Below): Damaged {
  const { name, bytes, damage } = seeds[below(seeds.length)] ?? {
    name: '',
    bytes: new Uint8Array(0),
    damage: undefined,
  };
  return { name, bytes: mutated(bytes, below, damage) };
}
