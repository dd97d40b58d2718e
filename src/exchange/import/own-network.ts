import packageJson from '../../../package.json' with { type: 'json' };
import { readSavedConfig } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { Budget } from '../../formats/budget.ts';
import { floatsOf } from '../../formats/element-types.ts';
import { type OnnxModel, type OnnxNode, readOnnx } from '../../formats/onnx.ts';
import type { OnnxNodeToWrite } from '../../formats/onnx-writer.ts';
import { type FloatTensor, readSafetensors } from '../../formats/safetensors.ts';
import { architectureOf } from '../../network/architecture.ts';
import type { NetworkState, StateTensor } from '../../network/network-state.ts';
import { CENTRES_NAME, parametersOf, sizeOf } from '../../network/parameters.ts';
import { exportOnnx, type OnnxExportOptions, onnxGraph } from '../export/onnx.ts';
import { fromPyTorch } from '../export/pytorch-layout.ts';
import { ModelProblem } from '../model-problem.ts';
import type { Candidate, ModelFile, ModelFiles } from './model-files.ts';
import { readTfjsState } from './tfjs-state.ts';

/** A network that was trained here and written by our own exporters. */
export interface OwnNetwork {
  /** The settings of its arm. */
  readonly config: RunConfig;
  readonly arm: string;
  /** Steps trained. */
  readonly step: number;
  /** Without momentum; class centres where the file holds them. */
  readonly weights: NetworkState;
}

/**
 * The network in a file that our own exporters wrote; undefined for any other file.
 * @throws ModelProblem where it is ours, but holds less than training needs or was changed since; FormatProblem
 */
export function ownNetwork(file: Candidate, files: ModelFiles): OwnNetwork | undefined {
  switch (file.kind.id) {
    case 'tfjs':
      return ownTfjs(file, files);
    case 'safetensors':
      return ownSafetensors(file.bytes, files.budget);
    case 'onnx':
      return ownOnnx(file.bytes, files.budget);
    default:
      return undefined;
  }
}

/** The network of a TensorFlow.js model.json of ours; undefined for any other. @throws ModelProblem, FormatProblem */
export function ownTfjs({ name, bytes }: ModelFile, files: ModelFiles): OwnNetwork | undefined {
  const read = readTfjsState(bytes, (path) => files.find(name, path), files.budget);
  return read && checked({ ...read, weights: read.state });
}

/** The network of a .safetensors file of ours; undefined for any other. @throws ModelProblem, FormatProblem */
export function ownSafetensors(bytes: Uint8Array, budget: Budget): OwnNetwork | undefined {
  const { tensors, metadata } = readSafetensors(bytes, budget);
  const saved = metadata.get('config');
  if (saved === undefined) return undefined;
  // As float32, and in our own layouts.
  budget.charge(4 * bytes.length, 'its weights');
  const floats = new Map(
    [...tensors].flatMap(([name, tensor]) => {
      const data = floatsOf(tensor);
      return data === undefined ? [] : [[name, { shape: tensor.shape, data }] as const];
    }),
  );
  return fromFloats(floats, metadata);
}

/** Settings that a file carries, clamped as any from outside. @throws ModelProblem */
export function configOf(json: string): RunConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw mismatch();
  }
  return readSavedConfig(typeof value === 'object' && value !== null ? { ...value } : {}).config;
}

/** For weights of other shapes than their settings ask for. */
export function mismatch(): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    'The weights are not those of the settings saved with them.',
    'Save the network again from the page.',
  );
}

function ownOnnx(bytes: Uint8Array, budget: Budget): OwnNetwork | undefined {
  const model = readOnnx(bytes, budget);
  const { metadata } = model;
  const [saved, batchNorm] = [metadata.get('config'), metadata.get('batch_norm')];
  if (saved === undefined || batchNorm === undefined) return undefined;
  if (batchNorm !== 'kept') {
    throw new ModelProblem(
      'unsupported',
      'Batch norm is folded into the layers of this file, and training needs it apart.',
      'Save the network again with batch norm kept, or as safetensors.',
    );
  }
  budget.charge(2 * bytes.length, 'its weights');
  const network = fromFloats(floatsOfOnnx(model), metadata);
  const { nodes } = onnxGraph({ ...network, state: withCentres(network.weights, network.config) }, 'kept');
  if (!sameNodes(model.nodes, nodes)) {
    throw new ModelProblem(
      'inconsistent',
      'The graph of this file is not the network of the settings saved with it: it was changed since.',
      'Save the network again from the page.',
    );
  }
  return network;
}

function floatsOfOnnx({ tensors }: OnnxModel): ReadonlyMap<string, FloatTensor> {
  const floats = new Map<string, FloatTensor>();
  for (const [name, tensor] of tensors) {
    if (tensor.type !== 'F32' || tensor.external !== undefined) continue;
    const [channels = 0, ...rest] = tensor.shape;
    // A PReLU's slope is [channels, 1, 1] in ONNX, and [channels] in PyTorch.
    const slope = tensor.shape.length === 3 && rest.every((size) => size === 1);
    floats.set(name, { shape: slope ? [channels] : tensor.shape, data: Float32Array.from(tensor.values()) });
  }
  return floats;
}

function fromFloats(floats: ReadonlyMap<string, FloatTensor>, metadata: ReadonlyMap<string, string>): OwnNetwork {
  const config = configOf(metadata.get('config') ?? '');
  const classes = floats.get(CENTRES_NAME)?.shape[0] ?? 0;
  const weights = fromPyTorch(floats, architectureOf(config, classes));
  if (weights === undefined) throw mismatch();
  return checked({ config, arm: metadata.get('arm') ?? '', step: Number(metadata.get('step')), weights });
}

/** @throws ModelProblem where a tensor has another shape than the settings ask for */
function checked({ config, arm, step, weights }: OwnNetwork): OwnNetwork {
  const classes = weights.get(CENTRES_NAME)?.shape[0] ?? 0;
  for (const { name, shape } of parametersOf(architectureOf(config, classes))) {
    const tensor = weights.get(name);
    if (tensor === undefined && name === CENTRES_NAME) continue;
    if (tensor?.shape.join() !== shape.join() || tensor.values.length !== sizeOf(shape)) throw mismatch();
  }
  return { config, arm, step: Number.isSafeInteger(step) && step > 0 ? step : 0, weights };
}

/** With class centres of zeros where there are none: an export of the backbone asks for some. */
function withCentres(weights: NetworkState, { embeddingSize }: RunConfig): NetworkState {
  if (weights.has(CENTRES_NAME)) return weights;
  const none: StateTensor = { shape: [1, embeddingSize], values: new Float32Array(embeddingSize) };
  return new Map([...weights, [CENTRES_NAME, none]]);
}

/** The network as ONNX, which can be cut and run. @throws ExportError */
export function onnxOf(network: OwnNetwork, batchNorm: OnnxExportOptions['batchNorm']): Uint8Array<ArrayBuffer> {
  const state = withCentres(network.weights, network.config);
  return exportOnnx({ ...network, state }, { batchNorm, version: packageJson.version });
}

/** Whether a graph is the one that our exporter writes; names of nodes are free. */
function sameNodes(nodes: readonly OnnxNode[], wanted: readonly OnnxNodeToWrite[]): boolean {
  return nodes.length === wanted.length && nodes.every((node, at) => sameNode(node, wanted[at]));
}

function sameNode(node: OnnxNode, wanted: OnnxNodeToWrite | undefined): boolean {
  if (wanted === undefined || node.operator !== wanted.operator || node.domain !== '') return false;
  if (node.inputs.join('\n') !== wanted.inputs.join('\n') || node.outputs.join('\n') !== wanted.output) return false;
  const attributes = Object.entries(wanted.attributes ?? {});
  return (
    node.attributes.size === attributes.length &&
    attributes.every(([name, value]) => {
      const found = node.attributes.get(name);
      if (typeof value === 'number') return found?.int === value;
      return 'float' in value ? found?.float === Math.fround(value.float) : found?.ints.join() === value.join();
    })
  );
}
