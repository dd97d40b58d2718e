import { begins, looksLikeSafetensors, textOf } from './kind-bytes.ts';
import { NAMED_KINDS } from './named-kinds.ts';
import { looksLikeNpy } from './npy.ts';
import { looksLikePickle } from './pickle.ts';
import { looksLikeZip } from './zip.ts';

/** A kind of file that people keep trained models in. */
export interface ModelKind {
  readonly id: ModelKindId;
  /** As it is called in sentences: "ONNX". */
  readonly label: string;
  /** Recognises the kind by the first `KIND_BYTES` bytes (kind-bytes.ts), or where those say nothing by the file's name. */
  readonly looksLike: (start: Uint8Array, name: string) => boolean;
  /** A zip archive with an entry of such a name is one model of this kind. */
  readonly entry?: RegExp;
  /** Set where no other kind of file begins with these bytes. */
  readonly certain?: true;
  /** The way to a format that is read, for kinds that are not. */
  readonly convert?: string;
}

const KINDS = [
  // By names and marks of their own; some of them are pickles.
  ...NAMED_KINDS,
  // Its samples of inputs are a checkpoint.
  {
    id: 'torch-export',
    label: 'PyTorch export',
    looksLike: never,
    entry: /^(?:[^/]+\/)?data\/weights\/model_weights_config\.json$/,
  },
  {
    id: 'old-torch-export',
    label: 'program that an older torch.export saved',
    looksLike: never,
    entry: /(^|\/)serialized_exported_program\.json$/,
    convert: 'Save the state dict of the model with torch.save, or export ONNX.',
  },
  {
    id: 'pytorch',
    label: 'PyTorch checkpoint',
    looksLike: looksLikePickle,
    entry: /(^|\/)data\.pkl$/,
  },
  { id: 'keras-zip', label: 'Keras', looksLike: never, entry: /^model\.weights\.h5$/ },
  { id: 'npz', label: 'NumPy archive', looksLike: never, entry: /\.npy$/ },
  { id: 'npy', label: 'NumPy array', looksLike: looksLikeNpy },
  { id: 'hdf5', label: 'Keras HDF5', looksLike: (start) => begins(start, '\u0089HDF\r\n'), certain: true },
  { id: 'tflite', label: 'TensorFlow Lite', looksLike: (start) => begins(start, 'TFL3', 4), certain: true },
  {
    id: 'mxnet',
    label: 'MXNet',
    looksLike: (start) => begins(start, '\u0012\u0001\0\0\0\0\0\0'),
    certain: true,
  },
  {
    id: 'safetensors',
    label: 'safetensors',
    looksLike: (start) => start.length >= 9 && start[8] === 0x7b,
    certain: true,
  },
  {
    id: 'onnx',
    label: 'ONNX',
    looksLike: (start) => start[0] === 8 && (start[1] ?? 255) < 32 && start.length > 8,
    certain: true,
  },
  { id: 'caffe', label: 'Caffe', looksLike: (start, name) => isCaffe(start, name) },
  { id: 'tensorflow', label: 'TensorFlow graph', looksLike: (start) => isGraph(start) },
  {
    id: 'tfjs',
    label: 'TensorFlow.js',
    looksLike: (start) => /^\s*[[{]/.test(textOf(start)),
    entry: /(^|\/)model\.json$/,
  },
] as const satisfies readonly (Omit<ModelKind, 'id'> & { readonly id: string })[];

export type ModelKindId = (typeof KINDS)[number]['id'];

/**
 * The kinds of files that trained models come in, recognised by content. The order counts: of two that may be, the
 * first is taken.
 */
const MODEL_KINDS: readonly ModelKind[] = KINDS;

/** Kinds in one sentence, for those who choose a file. */
export const READ_MODELS = 'ONNX, PyTorch, safetensors, Keras, TensorFlow (.pb, .tflite, .js), MXNet, Caffe or NumPy';

/** The kind of a file; undefined where it is none of these, or a zip archive. */
export function modelKindOf(start: Uint8Array, name: string): ModelKind | undefined {
  const isTensors = looksLikeSafetensors(start);
  const kind = MODEL_KINDS.find(({ id, looksLike }) => (isTensors ? id === 'safetensors' : looksLike(start, name)));
  // Parts of a distributed checkpoint are archives in a row.
  return looksLikeZip(start) && kind?.id !== 'torch-distributed' ? undefined : kind;
}

/** Names of models; other kinds of files begin as some of them do: pairs are pickles, faces come in .tar.gz. */
const MODEL_NAME =
  /\.(onnx|safetensors|pt|pth|ckpt|h5|keras|npz|pdparams|tflite|params|caffemodel|pb|t7|param|xml|engine)(\.gz)?$/i;

/** Whether a file is a model and no faces or pairs, by its name, or by bytes that nothing else begins with. */
export function isSurelyModel(start: Uint8Array, name: string): boolean {
  return MODEL_NAME.test(name) || modelKindOf(start, name)?.certain === true;
}

/** The kind of a model that is a zip archive as a whole, by the names of its entries. */
export function zippedModelKind(entries: readonly string[]): ModelKind | undefined {
  return MODEL_KINDS.find(
    ({ id, entry }) => id !== 'tfjs' && entry !== undefined && entries.some((name) => entry.test(name)),
  );
}

function never(): boolean {
  return false;
}

/** NetParameter: a name, then layers; field 100 (or 2, of old ones), or an input (3). */
function isCaffe(start: Uint8Array, name: string): boolean {
  if (/\.caffemodel$/i.test(name)) return start[0] === 0x0a || start[0] === 0xa2 || start[0] === 0x12;
  const length = start[1] ?? 255;
  return start[0] === 0x0a && length < 128 && start[2 + length] === 0xa2 && start[3 + length] === 0x06;
}

/** GraphDef: nodes (field 1) that begin with their name (field 1). */
function isGraph(start: Uint8Array): boolean {
  if (start[0] !== 0x0a) return false;
  let at = 1;
  while ((start[at] ?? 0) >= 0x80 && at < 6) at++;
  return start[at + 1] === 0x0a;
}
