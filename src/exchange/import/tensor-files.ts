import { elementCount } from '../../formats/npy.ts';
import { readNpz } from '../../formats/npz.ts';
import { readPyTorchCheckpoint } from '../../formats/pytorch-checkpoint.ts';
import { floatsOf, readSafetensors } from '../../formats/safetensors.ts';
import { looksLikeZip, unzip } from '../../formats/zip.ts';
import { ModelProblem } from '../model-problem.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

/** Formats that hold tensors by name and no graph. */
type Reading = Omit<ModelTensors, 'file' | 'others'>;

/** The convolutions of a PyTorch checkpoint. @throws ModelProblem, FormatProblem */
export function readCheckpoint(bytes: Uint8Array): Reading {
  refuseProgram(bytes);
  const tensors = [...readPyTorchCheckpoint(bytes)].map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      floats: () => tensor.floats(),
    }),
  );
  return { format: 'pytorch', order: 'names', ...convolutionsByName(tensors, 2 * bytes.length, 'OIHW') };
}

/** The convolutions of a .safetensors file. @throws ModelProblem, FormatProblem */
export function readTensors(bytes: Uint8Array): Reading {
  const tensors = [...readSafetensors(bytes).tensors].map(
    ([name, tensor]): NamedTensor => ({
      name,
      shape: tensor.shape,
      floats: () => floatsOf(tensor),
    }),
  );
  return { format: 'safetensors', order: 'names', ...convolutionsByName(tensors, countOf(tensors)) };
}

/** The convolutions of a NumPy archive. @throws ModelProblem, FormatProblem */
export function readArrays(bytes: Uint8Array): Reading {
  const tensors = [...readNpz(bytes)].map(
    ([name, array]): NamedTensor => ({
      name,
      shape: array.shape,
      floats: () => (array.type === 'float32' || array.type === 'float64' ? new Float32Array(array.data) : undefined),
    }),
  );
  return { format: 'npz', order: 'names', ...convolutionsByName(tensors, countOf(tensors)) };
}

function refuseProgram(bytes: Uint8Array): void {
  if (!looksLikeZip(bytes)) return;
  let program = false;
  unzip(bytes, 'zip', (name) => {
    program ||= /(^|\/)constants\.pkl$/.test(name);
    return false;
  });
  if (program) {
    throw new ModelProblem(
      'unsupported',
      'This is a TorchScript program, not its weights.',
      'Save model.state_dict() with torch.save, or export ONNX.',
    );
  }
}

/** Numbers in tensors that cannot share any. */
function countOf(tensors: readonly NamedTensor[]): number {
  return tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
