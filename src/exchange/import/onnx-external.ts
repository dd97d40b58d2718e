import type { OnnxModel } from '../../formats/onnx.ts';
import { ModelProblem, shown } from '../model-problem.ts';

/** The other files of weights that a model names, by their paths. @throws ModelProblem where one is missing */
export function externalFiles(
  { tensors, nodes }: OnnxModel,
  fileOf: (path: string) => Uint8Array | undefined,
): ReadonlyMap<string, Uint8Array> {
  const inNodes = nodes.flatMap(({ attributes }) => [...attributes.values()].flatMap(({ tensor }) => tensor ?? []));
  const files = new Map<string, Uint8Array>();
  for (const { external } of [...tensors.values(), ...inNodes]) {
    if (external === undefined || files.has(external.location)) continue;
    files.set(external.location, externalFile(external.location, fileOf));
  }
  return files;
}

/** One such file. @throws ModelProblem where it is missing */
export function externalFile(location: string, fileOf: (path: string) => Uint8Array | undefined): Uint8Array {
  const file = fileOf(location);
  if (file !== undefined) return file;
  throw new ModelProblem(
    'missing-file',
    `The weights of this model are in another file, "${shown(location)}", which is not here.`,
    'Choose or drop both files together, or zip them.',
  );
}
