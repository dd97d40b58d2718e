import { type OnnxModel, type OnnxNode, type OnnxTensor, onnxFloats, readOnnx } from '../../formats/onnx.ts';
import { ModelProblem, shown } from '../model-problem.ts';
import { type ComputeNode, convolutionsOf } from './compute-graph.ts';
import { type Convolution, fromOihw, type ImportedBatchNorm, type ModelTensors, oihwShape } from './model-tensors.ts';

/** ONNX's default for BatchNormalization. */
const EPSILON = 1e-5;

/** The convolutions of an ONNX model, by its graph. @throws ModelProblem, FormatProblem */
export function readOnnxModel(bytes: Uint8Array): ModelTensors {
  const read = readOnnx(bytes);
  const model = { ...read, tensors: withIdentities(read) };
  const producers = new Map<string, number>();
  for (const [index, { outputs }] of model.nodes.entries()) for (const output of outputs) producers.set(output, index);
  const nodes = model.nodes.map((node, index): ComputeNode => {
    const inputs = node.inputs.flatMap((name) => producers.get(name) ?? []);
    return { name: node.name === '' ? `${node.operator} ${index}` : node.name, inputs, role: roleOf(node, model) };
  });
  const found = convolutionsOf(nodes, bytes.length);
  if (found.convolutions.length === 0 && model.nodes.some(({ operator }) => /Conv/.test(operator))) {
    throw new ModelProblem(
      'unsupported',
      'The kernels of its convolutions are quantised or computed, or not for 2-D images.',
      'Export the model again in float32, with its weights as initialisers.',
    );
  }
  return { format: 'onnx', order: 'graph', ...found };
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

/** Also under the names of their Identities: PyTorch writes those for weights that are equal. */
function withIdentities({ nodes, tensors }: OnnxModel): ReadonlyMap<string, OnnxTensor> {
  const named = new Map(tensors);
  for (const { operator, inputs, outputs } of nodes) {
    const same = operator === 'Identity' ? named.get(inputs[0] ?? '') : undefined;
    if (same !== undefined && outputs[0] !== undefined) named.set(outputs[0], same);
  }
  return named;
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
