import type { OnnxModel } from '../../formats/onnx.ts';
import { elementCount } from '../../formats/shape.ts';
import type { OnnxConstants } from '../import/onnx-constants.ts';
import { valueShapes } from '../import/onnx-shapes.ts';

/** The cost of a model. */
export interface ModelCost {
  /** Numbers that were learned: all floating-point weights of the file. */
  readonly parameters: number;
  /** Of convolutions and dense layers for one image; undefined where the size of an image on the way is not known. */
  readonly multiplyAdds: number | undefined;
  /** Of the file. */
  readonly bytes: number;
}

export function modelCost(model: OnnxModel, constants: OnnxConstants, bytes: number): ModelCost {
  const { shapes } = valueShapes(model, constants);
  const stored = [
    ...model.tensors.values(),
    ...model.nodes.flatMap(({ attributes }) => attributes.get('value')?.tensor ?? []),
  ];
  const parameters = stored.reduce((sum, { shape, type }) => sum + (/^B?F\d/.test(type) ? elementCount(shape) : 0), 0);
  let multiplyAdds: number | undefined = 0;
  for (const { operator, inputs, outputs } of model.nodes) {
    const mixes = operator === 'Conv' || operator === 'Gemm' || operator === 'MatMul';
    if (!mixes) {
      if (/Conv|MatMul|Gemm|Attention|LSTM|GRU|RNN|Einsum/.test(operator)) multiplyAdds = undefined;
      continue;
    }
    const kernel = constants.shape(inputs[1] ?? '');
    const result = shapes.get(outputs[0] ?? '');
    if (kernel === undefined || result === undefined || multiplyAdds === undefined) {
      multiplyAdds = undefined;
      continue;
    }
    const places = operator === 'Conv' ? elementCount(result.slice(2)) : elementCount(result.slice(0, -1));
    multiplyAdds += elementCount(kernel) * places;
  }
  return { parameters, multiplyAdds, bytes };
}
