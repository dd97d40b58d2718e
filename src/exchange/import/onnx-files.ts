import { Budget } from '../../formats/budget.ts';
import { type OnnxModel, readOnnx } from '../../formats/onnx.ts';
import { ModelProblem, shown } from '../model-problem.ts';
import { externalFiles } from './onnx-external.ts';
import { type InputRange, normalisationOf } from './onnx-input.ts';

/** The files that ONNX Runtime needs of a model. */
export interface OnnxRunFiles {
  readonly bytes: Uint8Array;
  /** Files of weights that it names, by their paths. */
  readonly external: ReadonlyMap<string, Uint8Array>;
  /** The values it wants where it normalises them itself. */
  readonly range: InputRange | undefined;
}

/** An ONNX model with all it needs to run. @throws ModelProblem, FormatProblem */
export function runFilesOf(bytes: Uint8Array, fileOf: (path: string) => Uint8Array | undefined): OnnxRunFiles {
  const budget = new Budget(bytes.length);
  const model = readOnnx(bytes, budget);
  const [input] = model.inputs;
  return {
    bytes,
    external: externalFiles(model, fileOf),
    range: input === undefined ? undefined : normalisationOf(model, input.name, fileOf, budget).range,
  };
}

/**
 * An ONNX model whose nodes can be changed: they are those of the file, each behind those whose results it takes.
 * @throws ModelProblem, FormatProblem
 */
export function readEditableOnnx(bytes: Uint8Array, budget: Budget): OnnxModel {
  const model = readOnnx(bytes, budget);
  if (model.callsFunctions) {
    throw new ModelProblem(
      'unsupported',
      'The model calls functions of its own, so that its layers cannot be changed one by one.',
      'Put them in place first: onnx.inliner.inline_local_functions(model).',
    );
  }
  const later = new Set(model.nodes.flatMap(({ outputs }) => outputs));
  // Of results that are left out.
  later.delete('');
  for (const node of model.nodes) {
    const early = [...node.inputs, ...node.captured].find((name) => later.has(name));
    for (const output of node.outputs) later.delete(output);
    if (early === undefined) continue;
    throw new ModelProblem(
      'inconsistent',
      `The nodes of the model are in no order: "${shown(node.name || node.operator)}" takes "${shown(early)}", which is computed behind it.`,
      'ONNX wants each node behind those whose results it takes; onnx.checker shows it. Export the model again.',
    );
  }
  return model;
}
