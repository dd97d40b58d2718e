import { type OnnxModel, type OnnxNode, onnxFloats, readOnnx } from '../../formats/onnx.ts';
import { ModelProblem, shown } from '../model-problem.ts';
import { type ComputeNode, convolutionsOf } from './compute-graph.ts';
import { type Convolution, fromOihw, type ImportedBatchNorm, type ModelTensors, oihwShape } from './model-tensors.ts';

/** ONNX's default for BatchNormalization. */
const EPSILON = 1e-5;

/** The convolutions of an ONNX model, by its graph. @throws ModelProblem, FormatProblem */
export function readOnnxModel(bytes: Uint8Array): ModelTensors {
  const model = readOnnx(bytes);
  const producers = new Map<string, number>();
  for (const [index, { outputs }] of model.nodes.entries()) for (const output of outputs) producers.set(output, index);
  const nodes = model.nodes.map((node, index): ComputeNode => {
    const inputs = node.inputs.flatMap((name) => producers.get(name) ?? []);
    return { name: node.name === '' ? `${node.operator} ${index}` : node.name, inputs, role: roleOf(node, model) };
  });
  return { format: 'onnx', order: 'graph', ...convolutionsOf(nodes, bytes.length) };
}

function roleOf(node: OnnxNode, model: OnnxModel): ComputeNode['role'] {
  switch (node.operator) {
    case 'Conv':
      return { kind: 'convolution', read: () => convolutionOf(node, model) };
    case 'BatchNormalization':
      return { kind: 'batch-norm', read: () => batchNormOf(node, model) };
    case 'Identity':
      return { kind: 'same' };
    default:
      return { kind: 'other' };
  }
}

function convolutionOf(node: OnnxNode, model: OnnxModel): Convolution | undefined {
  const tensor = model.tensors.get(node.inputs[1] ?? '');
  // A kernel that is computed, or a 1-D or 3-D convolution.
  if (tensor === undefined || tensor.shape.length !== 4) return undefined;
  if (tensor.bytes === undefined) {
    throw new ModelProblem(
      'unsupported',
      `The weights of "${shown(tensor.name)}" lie in another file.`,
      'Save the model as one file: onnx.save(model, path) without external data.',
    );
  }
  const shape = oihwShape(tensor.shape);
  const values = shape && onnxFloats(tensor);
  if (shape === undefined || values === undefined) return undefined;
  return { name: node.name === '' ? tensor.name : node.name, shape, kernel: fromOihw(values, shape) };
}

/** Inputs: x, scale, shift, mean, variance. */
function batchNormOf(node: OnnxNode, model: OnnxModel): ImportedBatchNorm | undefined {
  const scale = model.tensors.get(node.inputs[1] ?? '');
  const variance = model.tensors.get(node.inputs[4] ?? '');
  const gamma = scale && onnxFloats(scale);
  const movingVariance = variance && onnxFloats(variance);
  if (gamma === undefined || movingVariance === undefined || gamma.length !== movingVariance.length) return undefined;
  return { name: node.name, gamma, movingVariance, epsilon: node.attributes.get('epsilon')?.float ?? EPSILON };
}
