import { isArmName } from '../../config/arm.ts';
import { type RunConfig, readSavedConfig } from '../../config/run-config.ts';
import type { RegionName } from '../../faces/face-set.ts';
import { floatsOf } from '../../formats/element-types.ts';
import { looksLikeOnnx, readOnnx } from '../../formats/onnx.ts';
import { readSafetensors } from '../../formats/safetensors.ts';
import { looksLikeZip, unzip } from '../../formats/zip.ts';
import { type Architecture, architectureOf } from '../../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../../network/network-state.ts';
import { CENTRES_NAME, parametersOf, sizeOf } from '../../network/parameters.ts';
import { fromPyTorch } from '../export/pytorch-layout.ts';
import { asModelProblem, ModelProblem, shown } from '../model-problem.ts';
import { type ArchivedArm, readRunArchive } from '../run-archive.ts';
import type { ModelFile } from './model-files.ts';
import { readTfjsState } from './tfjs-state.ts';

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
  /** Any ONNX model; its run's settings where its metadata tells them, as our own exporter's does. */
  | {
      readonly kind: 'onnx';
      readonly bytes: Uint8Array;
      readonly region: RegionName;
      readonly config: RunConfig | undefined;
    };

/**
 * Reads networks to run from files: a run's .zip, a .safetensors, TensorFlow.js layers model or PyTorch bundle that this
 * playground saved, or any .onnx; told apart by content. Nothing in the files is run here.
 * @throws ModelProblem
 */
export function readRunnable(files: readonly ModelFile[]): RunnableModel {
  try {
    const found = readFiles(files, true);
    if (found !== undefined) return found;
  } catch (error) {
    throw asModelProblem(error);
  }
  const [only] = files;
  const what = files.length === 1 && only !== undefined ? `"${shown(only.name)}" is` : 'These files are';
  throw new ModelProblem(
    only?.bytes.length === 0 ? 'empty-file' : 'not-a-model',
    only?.bytes.length === 0 ? `"${shown(only.name)}" is empty.` : `${what} no network that can be run here.`,
    'Drop a .onnx model, a run saved as .zip, or a .safetensors or TensorFlow.js model saved from this page. Weights alone (.pt, .npz) do not say how to compute with them: export ONNX.',
  );
}

function readFiles(files: readonly ModelFile[], zipsToo: boolean): RunnableModel | undefined {
  const tfjs = readTfjsState(files);
  if (tfjs !== undefined) return ownNetwork('tfjs', tfjs.config, tfjs.step, tfjs.arm, tfjs.state);
  for (const { bytes } of files) {
    if (looksLikeZip(bytes)) {
      if (!zipsToo) continue;
      const inside = readZip(bytes);
      if (inside !== undefined) return inside;
    } else if (bytes.length >= 9 && bytes[8] === 0x7b) return readSafetensorsNetwork(bytes);
    else if (looksLikeOnnx(bytes)) return readOnnxNetwork(bytes);
  }
  return undefined;
}

function readZip(bytes: Uint8Array): RunnableModel | undefined {
  const wanted = /(^|\/)(run\.json|model\.json|[^/]+\.(bin|safetensors|onnx))$/;
  const names: string[] = [];
  unzip(bytes, 'zip', (name) => {
    names.push(name);
    return false;
  });
  if (names.includes('run.json')) {
    const { config, step, arms } = readRunArchive(bytes);
    return { kind: 'own', format: 'run', config, step, arms };
  }
  const files = [...unzip(bytes, 'zip', (name) => wanted.test(name))].map(([name, content]) => ({
    name,
    bytes: content,
  }));
  return readFiles(files, false);
}

function readSafetensorsNetwork(bytes: Uint8Array): RunnableModel {
  const { tensors, metadata } = readSafetensors(bytes);
  const saved = metadata.get('config');
  if (saved === undefined) throw foreign('.safetensors');
  const config = configOf(saved);
  const classes = tensors.get(CENTRES_NAME)?.shape[0] ?? 0;
  const floats = new Map(
    [...tensors].flatMap(([name, tensor]) => {
      const data = floatsOf(tensor);
      return data === undefined ? [] : [[name, { shape: tensor.shape, data }] as const];
    }),
  );
  const state = fromPyTorch(floats, architectureOf(config, classes));
  if (state === undefined) throw mismatch();
  return ownNetwork('safetensors', config, Number(metadata.get('step')), metadata.get('arm'), state);
}

function readOnnxNetwork(bytes: Uint8Array): RunnableModel {
  const saved = readOnnx(bytes).metadata.get('config');
  const config = saved === undefined ? undefined : configOf(saved);
  // A model of others is taken to see what ArcFace's do: the whole of the 112 x 112 template.
  return { kind: 'onnx', bytes, region: config?.region ?? 'full', config };
}

function ownNetwork(
  format: 'safetensors' | 'tfjs',
  config: RunConfig,
  step: number,
  arm: string | undefined,
  state: NetworkState,
): RunnableModel {
  const name = arm !== undefined && isArmName(arm) ? arm : 'standard';
  // The settings saved with a network are the arm's own.
  const arms = [{ name, settings: {}, state: completed(state, config) }];
  return { kind: 'own', format, config, step: Number.isSafeInteger(step) ? step : 0, arms };
}

/** With zeros for what inference does not need: momentum, and class centres where they were not saved. */
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

/** Settings that a file carries, clamped as any from outside. */
export function configOf(json: string): RunConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw mismatch();
  }
  return readSavedConfig(typeof value === 'object' && value !== null ? { ...value } : {}).config;
}

function mismatch(): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    'The weights are not those of the settings saved with them.',
    'Save the network again from the page.',
  );
}

function foreign(kind: string): ModelProblem {
  return new ModelProblem(
    'unsupported',
    `This ${kind} file was not saved from this playground: it holds weights, but not how to compute with them.`,
    'Export the model as ONNX.',
  );
}
