import { isArmName } from '../../config/arm.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { RegionName } from '../../faces/face-set.ts';
import type { Budget } from '../../formats/budget.ts';
import { readOnnx } from '../../formats/onnx.ts';
import { looksLikeZip } from '../../formats/zip.ts';
import { type Architecture, architectureOf } from '../../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../../network/network-state.ts';
import { CENTRES_NAME, parametersOf, sizeOf } from '../../network/parameters.ts';
import { asModelProblem, ModelProblem, shown } from '../model-problem.ts';
import { type ArchivedArm, readRunArchive } from '../run-archive.ts';
import { byLikeness } from './face-network.ts';
import { entriesOf, type FindBeside, type ModelFile, ModelFiles, nameOf } from './model-files.ts';
import { externalFiles } from './onnx-external.ts';
import { normalisationOf, type OnnxNormalisation } from './onnx-input.ts';
import { configOf, mismatch, type OwnNetwork, ownSafetensors, ownTfjs } from './own-network.ts';

/** Networks that can be run as they are, and not only looked at. */
export type RunnableModel =
  /** The arms of a run, or one network that our own exporters wrote: run by the playground's own code. */
  | {
      readonly kind: 'own';
      readonly format: 'run' | 'safetensors' | 'tfjs';
      readonly config: RunConfig;
      readonly step: number;
      readonly arms: readonly ArchivedArm[];
    }
  /** Any ONNX model; `region` and `config` where its metadata gives them, as our own exporter's does. */
  | ({
      readonly kind: 'onnx';
      /** The file that was read, and other ONNX models beside it or in the same zip. */
      readonly file: string;
      readonly others: readonly string[];
      readonly bytes: Uint8Array;
      /** Files of weights that it names, by their paths. */
      readonly external: ReadonlyMap<string, Uint8Array>;
      readonly region: RegionName;
      readonly config: RunConfig | undefined;
    } & OnnxNormalisation);

/**
 * Reads networks to run from files: a run's .zip, a .safetensors, TensorFlow.js layers model or PyTorch bundle that
 * this playground saved, or any .onnx; recognised by content. Of several .onnx the one that looks like a face network
 * is read. Nothing in the files is run here.
 * @throws ModelProblem
 */
export function readRunnable(files: readonly ModelFile[], beside?: FindBeside, budget?: Budget): RunnableModel {
  try {
    for (const { bytes } of files) {
      if (!looksLikeZip(bytes) || !entriesOf(bytes).includes('run.json')) continue;
      const { config, step, arms } = readRunArchive(bytes, budget);
      return { kind: 'own', format: 'run', config, step, arms };
    }
    const found = new ModelFiles(files, beside, budget);
    const network = readFiles(found);
    if (network !== undefined) return network;
    throw notRunnable(found);
  } catch (error) {
    throw asModelProblem(error);
  }
}

function notRunnable({ all, candidates }: ModelFiles): ModelProblem {
  const [only] = all;
  if (only?.bytes.length === 0)
    return new ModelProblem('empty-file', `"${shown(only.name)}" is empty.`, 'Copy it again.');
  const [model] = candidates;
  const subject = all.length === 1 && only !== undefined ? `"${shown(nameOf(only.name))}" is` : 'These files are';
  const named = model === undefined ? '' : ` ("${shown(nameOf(model.name))}": ${model.kind.label})`;
  return new ModelProblem(
    'not-a-model',
    `${subject} no network that the playground can run${named}.`,
    model?.kind.convert ??
      'Drop a .onnx model, a run saved as .zip, or a .safetensors or TensorFlow.js model saved from this page. Weights alone (.pt, .npz) do not say how to compute with them: export ONNX.',
  );
}

function readFiles(files: ModelFiles): RunnableModel | undefined {
  for (const file of files.candidates.filter(({ kind }) => kind.id === 'tfjs')) {
    const tfjs = ownTfjs(file, files);
    if (tfjs !== undefined) return ownModel('tfjs', tfjs);
  }
  const [first] = files.candidates.filter(({ kind }) => kind.id === 'safetensors' || kind.id === 'onnx');
  if (first?.kind.id === 'safetensors') return readSafetensorsNetwork(first.bytes, files.budget);
  const models = byLikeness(
    files.candidates.filter(({ kind }) => kind.id === 'onnx'),
    files.budget,
  );
  const [best, ...others] = models;
  return best && readOnnxNetwork(best, others, files);
}

function readSafetensorsNetwork(bytes: Uint8Array, budget: Budget): RunnableModel {
  const own = ownSafetensors(bytes, budget);
  if (own === undefined) throw foreign('.safetensors');
  return ownModel('safetensors', own);
}

function readOnnxNetwork(
  { name, bytes }: ModelFile,
  others: readonly ModelFile[],
  files: ModelFiles,
): Extract<RunnableModel, { kind: 'onnx' }> {
  const model = readOnnx(bytes, files.budget);
  const saved = model.metadata.get('config');
  const config = saved === undefined ? undefined : configOf(saved);
  const fileOf = (path: string) => files.find(name, path);
  const [input] = model.inputs;
  return {
    kind: 'onnx',
    file: name,
    others: others.map((other) => other.name),
    bytes,
    external: externalFiles(model, fileOf),
    // A model of others is assumed to see the same region as ArcFace's: the whole of the 112 × 112 template.
    region: config?.region ?? 'full',
    config,
    ...(config === undefined && input !== undefined
      ? normalisationOf(model, input.name, fileOf, files.budget)
      : { range: undefined }),
  };
}

function ownModel(format: 'safetensors' | 'tfjs', { config, arm, step, weights }: OwnNetwork): RunnableModel {
  const name = isArmName(arm) ? arm : 'standard';
  // The settings saved with a network are the arm's own.
  const arms = [{ name, settings: {}, state: completed(weights, config) }];
  return { kind: 'own', format, config, step, arms };
}

/** With zeros for tensors that inference does not need: momentum, and class centres where they were not saved. */
function completed(state: NetworkState, config: RunConfig): NetworkState {
  const architecture: Architecture = architectureOf(config, state.get(CENTRES_NAME)?.shape[0] ?? 2);
  const whole = new Map<string, StateTensor>();
  for (const [name, shape] of stateShapes(parametersOf(architecture))) {
    const tensor = state.get(name);
    if (tensor !== undefined && tensor.shape.join() !== shape.join()) throw mismatch();
    whole.set(name, tensor ?? { shape, values: new Float32Array(sizeOf(shape)) });
  }
  return whole;
}

function foreign(kind: string): ModelProblem {
  return new ModelProblem(
    'unsupported',
    `This ${kind} file was not saved from this playground: it holds weights, but not how to compute with them.`,
    'Export the model as ONNX.',
  );
}
