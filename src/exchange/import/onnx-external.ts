import type { OnnxModel } from '../../formats/onnx.ts';
import type { OnnxGraph } from '../../formats/onnx-graph.ts';
import type { OnnxTensor } from '../../formats/onnx-tensor.ts';
import { ModelProblem, shown } from '../model-problem.ts';

/** The other files of weights that a model names, by their paths. @throws ModelProblem where one is missing */
export function externalFiles(
  { tensors, nodes }: OnnxModel,
  fileOf: (path: string) => Uint8Array | undefined,
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const { external } of tensorsIn({ nodes, tensors })) {
    if (external === undefined || files.has(external.location)) continue;
    files.set(external.location, externalFile(external.location, fileOf));
  }
  return files;
}

/** The tensors of a graph, its nodes and the graphs within them. */
function tensorsIn({ nodes, tensors }: Pick<OnnxGraph, 'nodes' | 'tensors'>): readonly OnnxTensor[] {
  const inNodes = nodes.flatMap(({ attributes }) => {
    return [...attributes.values()].flatMap(({ tensor, graph }) => [
      ...(tensor === undefined ? [] : [tensor]),
      ...(graph === undefined ? [] : tensorsIn(graph)),
    ]);
  });
  return [...tensors.values(), ...inNodes];
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
