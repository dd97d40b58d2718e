import { elementCount } from '../../formats/npy.ts';
import { readNpz } from '../../formats/npz.ts';
import { looksLikeOnnx } from '../../formats/onnx.ts';
import { looksLikeLegacyCheckpoint, readPyTorchCheckpoint } from '../../formats/pytorch-checkpoint.ts';
import { floatsOf, readSafetensors } from '../../formats/safetensors.ts';
import { looksLikeZip, unzip } from '../../formats/zip.ts';
import { asModelProblem, ModelProblem, shown } from '../model-problem.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';
import { readOnnxModel } from './onnx-model.ts';
import { looksLikeTfjs, readTfjsModel } from './tfjs-model.ts';

/** A file the user chose or dropped; `name` may be a path. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** No browser can hold more than this in one piece. */
const LARGEST = 2 ** 31;

/**
 * Reads the convolutions of a trained model. What it is, is told by its content and not by its name: ONNX, safetensors,
 * a TensorFlow.js model with its .bin files (several files, or a zip of them), a PyTorch checkpoint or a NumPy archive;
 * a zip may also hold one of these. Nothing in the files is run.
 * @throws ModelProblem
 */
export function readModel(files: readonly ModelFile[]): ModelTensors {
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > LARGEST) {
    throw new ModelProblem('too-large', 'More than 2 GiB are too much to read here.', 'Choose the model alone.');
  }
  try {
    // Node's Buffer copies where Uint8Array does not, and the other way round.
    const plain = files.map(({ name, bytes }) => ({
      name,
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    }));
    const model = readAny(plain, true);
    if (model.convolutions.length === 0) {
      throw new ModelProblem(
        'no-convolution',
        'No 2-D convolution found in this file.',
        'Expected a network for images as .onnx, .safetensors, .pt, .npz or a TensorFlow.js model.json with its .bin files.',
      );
    }
    return model;
  } catch (error) {
    throw asModelProblem(error);
  }
}

function readAny(files: readonly ModelFile[], zipsToo: boolean): ModelTensors {
  for (const file of files) {
    const json = jsonOf(file.bytes);
    if (json !== undefined && looksLikeTfjs(json))
      return readTfjsModel(json, (path) => shardOf(files, file.name, path));
  }
  for (const { name, bytes } of files) {
    const model = readOne(bytes, zipsToo);
    if (model !== undefined) return model;
    if (files.length === 1) throw unknown(name, bytes);
  }
  throw new ModelProblem(
    'not-a-model',
    files.length === 0 ? 'There is no file.' : `None of the ${files.length} files is a model that is read here.`,
    'Choose an .onnx, .safetensors, .pt or .npz file, or a TensorFlow.js model.json with its .bin files.',
  );
}

function readOne(bytes: Uint8Array, zipsToo: boolean): ModelTensors | undefined {
  if (looksLikeZip(bytes)) return readZip(bytes, zipsToo);
  if (looksLikeLegacyCheckpoint(bytes) || (bytes[0] === 0x80 && (bytes[1] ?? 0) <= 5)) return readCheckpoint(bytes);
  if (bytes.length >= 9 && bytes[8] === 0x7b) return readTensors(bytes);
  if (looksLikeOnnx(bytes)) return readOnnxModel(bytes);
  return undefined;
}

function readZip(bytes: Uint8Array, zipsToo: boolean): ModelTensors {
  const names: string[] = [];
  unzip(bytes, 'zip', (name) => {
    names.push(name);
    return false;
  });
  if (names.some((name) => /(^|\/)constants\.pkl$/.test(name))) {
    throw new ModelProblem(
      'unsupported',
      'This is a TorchScript program, not its weights.',
      'Save model.state_dict() with torch.save, or export ONNX.',
    );
  }
  if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) return readCheckpoint(bytes);
  if (names.some((name) => name.endsWith('.npy'))) return readArrays(bytes);
  if (!zipsToo)
    throw new ModelProblem('unsupported', 'A zip within a zip is not opened.', 'Unpack the outer one first.');
  const files = [...unzip(bytes, 'zip', (name) => !name.endsWith('/'))].map(([name, content]) => ({
    name,
    bytes: content,
  }));
  return readAny(files, false);
}

function readCheckpoint(bytes: Uint8Array): ModelTensors {
  const tensors = [...readPyTorchCheckpoint(bytes)].map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      floats: () => tensor.floats(),
    }),
  );
  return { format: 'pytorch', order: 'names', ...convolutionsByName(tensors, 2 * bytes.length, 'OIHW') };
}

function readTensors(bytes: Uint8Array): ModelTensors {
  const tensors = [...readSafetensors(bytes).tensors].map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      floats: () => floatsOf(tensor),
    }),
  );
  return { format: 'safetensors', order: 'names', ...convolutionsByName(tensors, countOf(tensors)) };
}

function readArrays(bytes: Uint8Array): ModelTensors {
  const tensors = [...readNpz(bytes)].map(
    ([name, array]): NamedTensor => ({
      name,
      shape: array.shape,
      floats: () => (array.type === 'float32' || array.type === 'float64' ? new Float32Array(array.data) : undefined),
    }),
  );
  return { format: 'npz', order: 'names', ...convolutionsByName(tensors, countOf(tensors)) };
}

/** Numbers in tensors that cannot share any. */
function countOf(tensors: readonly NamedTensor[]): number {
  return tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** A weight file by its path in the manifest: beside the .json, or of that name anywhere. */
function shardOf(files: readonly ModelFile[], json: string, path: string): Uint8Array | undefined {
  const folder = json.slice(0, json.lastIndexOf('/') + 1);
  const wanted = path.replace(/^(\.\/)+/, '');
  const last = wanted.slice(wanted.lastIndexOf('/') + 1);
  const found =
    files.find(({ name }) => name === folder + wanted) ??
    files.find(({ name }) => name.slice(name.lastIndexOf('/') + 1) === last);
  return found?.bytes;
}

/** The value of a JSON file; undefined for anything else. */
function jsonOf(bytes: Uint8Array): unknown {
  const start = bytes.findIndex((byte) => ![0x20, 0x09, 0x0a, 0x0d].includes(byte));
  if (start < 0 || start > 1000 || ![0x7b, 0x5b].includes(bytes[start] ?? 0)) return undefined;
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return json;
  } catch {
    // Not JSON: whatever else it is, the other readers tell.
    return undefined;
  }
}

function unknown(name: string, bytes: Uint8Array): ModelProblem {
  const starts = (text: string, at = 0) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));
  if (bytes.length === 0) return new ModelProblem('empty-file', `"${shown(name)}" is empty.`, 'Copy it again.');
  if (starts('\u0089HDF')) {
    return new ModelProblem(
      'unsupported',
      'Keras .h5 files are not read.',
      'Convert it with tensorflowjs_converter, or export ONNX.',
    );
  }
  if (starts('TFL3', 4)) {
    return new ModelProblem(
      'unsupported',
      'TensorFlow Lite files are not read.',
      'Export the model as ONNX or safetensors.',
    );
  }
  return new ModelProblem(
    'not-a-model',
    `"${shown(name)}" is no model that is read here.`,
    'Choose an .onnx, .safetensors, .pt or .npz file, or a TensorFlow.js model.json together with its .bin files.',
  );
}
