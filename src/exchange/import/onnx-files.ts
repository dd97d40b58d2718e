import { Budget } from '../../formats/budget.ts';
import { readOnnx } from '../../formats/onnx.ts';
import { externalFiles } from './onnx-external.ts';
import { type InputRange, inputRangeOf } from './onnx-input.ts';

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
    range: input === undefined ? undefined : inputRangeOf(model, input.name, fileOf, budget),
  };
}
