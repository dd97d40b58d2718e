import type { Budget } from '../../formats/budget.ts';
import { floatsOf } from '../../formats/element-types.ts';
import { isNumeric, type NpyArray, readNpy, readNpyHeader } from '../../formats/npy.ts';
import { readNpz } from '../../formats/npz.ts';
import { readPickle } from '../../formats/pickle.ts';
import { readPyTorchCheckpoint } from '../../formats/pytorch-checkpoint.ts';
import { readSafetensors } from '../../formats/safetensors.ts';
import { type CheckpointTensor, tensorsIn } from '../../formats/tensor-walk.ts';
import { readTorchExport } from '../../formats/torch-export.ts';
import { torchGlobals } from '../../formats/torch-globals.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

/** A model of a file that has its weights by name, and no graph. */
type Reading = Omit<ModelTensors, 'file' | 'others'>;

/**
 * A PyTorch checkpoint or any other pickle with tensors or arrays in it, or the parts of one.
 * @throws FormatProblem, ModelProblem
 */
export function readCheckpoint(parts: readonly Uint8Array[], budget: Budget): Reading {
  return checkpointOf(
    parts.flatMap((bytes) => [...readPyTorchCheckpoint(bytes, budget)]),
    budget,
  );
}

/** A program of torch.export. @throws FormatProblem, ModelProblem */
export function readExported(bytes: Uint8Array, budget: Budget): Reading {
  return checkpointOf([...readTorchExport(bytes, budget)], budget);
}

function checkpointOf(found: readonly (readonly [string, CheckpointTensor])[], budget: Budget): Reading {
  const tensors = found.map(([name, tensor]): NamedTensor => ({ name, ...tensor }));
  // PyTorch's order of axes, unless all are numpy's arrays, which may be of TensorFlow or JAX.
  const layout = found.some(([, { origin }]) => origin === 'torch') ? 'OIHW' : undefined;
  // JAX sorts its dicts by name.
  const settings = { budget, layout, ordered: layout !== undefined } as const;
  return { format: 'pytorch', order: 'names', ...convolutionsByName(tensors, settings) };
}

/** A safetensors file, or the parts of one. @throws FormatProblem, ModelProblem */
export function readTensors(parts: readonly Uint8Array[], budget: Budget): Reading {
  const read = parts.map((bytes) => readSafetensors(bytes, budget));
  const found = read.flatMap((part) => [...part.tensors]);
  // Sorted in each part, they are in no order together.
  if (parts.length > 1) found.sort(([one], [other]) => (one < other ? -1 : 1));
  const tensors = found.map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      type: tensor.type ?? 'an unknown type',
      floats: () => floatsOf(tensor),
    }),
  );
  const mlx = read.some(({ metadata }) => metadata.get('format') === 'mlx');
  return { format: 'safetensors', order: 'names', ...convolutionsByName(tensors, { budget, mlx }) };
}

/** @throws FormatProblem, ModelProblem */
export function readArrays(bytes: Uint8Array, budget: Budget): Reading {
  const { arrays, others } = readNpz(bytes, budget);
  return numpyModel(
    budget,
    [...arrays].map(([name, array]) => tensorOf(name, array)),
    [...others],
  );
}

/** A .npy file: one array, or a pickle of many. @throws FormatProblem, ModelProblem */
export function readArray(bytes: Uint8Array, budget: Budget): Reading {
  return isNumeric(readNpyHeader(bytes))
    ? numpyModel(budget, [tensorOf('array', readNpy(bytes))], [])
    : numpyModel(budget, [], [['', bytes]]);
}

function numpyModel(
  budget: Budget,
  arrays: readonly NamedTensor[],
  others: readonly (readonly [string, Uint8Array])[],
): Reading {
  const tensors = [...arrays, ...others.flatMap(([name, file]) => tensorsOfOther(name, file, budget))];
  return { format: 'npz', order: 'names', ...convolutionsByName(tensors, { budget, ordered: arrays.length === 0 }) };
}

function tensorOf(name: string, { shape, type, data }: NpyArray): NamedTensor {
  const floats = () => (type === 'float32' || type === 'float64' ? new Float32Array(data) : undefined);
  return { name, shape, type, floats };
}

/** An array of objects is a pickle; one of texts, records or complex numbers keeps its place without numbers. */
function tensorsOfOther(name: string, file: Uint8Array, budget: Budget): readonly NamedTensor[] {
  const { description, shape, dataStart } = readNpyHeader(file);
  if (!/^\|?O/.test(description)) return [{ name, shape, type: description, floats: () => undefined }];
  const { value } = readPickle(file.subarray(dataStart), { globals: torchGlobals(), budget });
  const before = name === '' ? '' : `${name}.`;
  return Array.from(tensorsIn(value, budget), ([path, tensor]) => ({ name: `${before}${path}`, ...tensor }));
}
