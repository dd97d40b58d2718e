import { zipSync } from 'fflate';
import { z } from 'zod';
import { type ConfigNotice, type RunConfig, readConfig } from '../config/run-config.ts';
import { floatsOf, readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { unzip } from '../formats/zip.ts';
import { architectureOf } from '../network/architecture.ts';
import { type NetworkState, type StateTensor, stateShapes } from '../network/network-state.ts';
import { CENTRES_NAME, parametersOf } from '../network/parameters.ts';
import { exportSafetensors } from './export/safetensors.ts';
import { exportTfjs } from './export/tfjs.ts';
import { asModelProblem, ModelProblem } from './model-problem.ts';

/** The arms a run can have; training/events.ts has the same names. */
const ARMS = ['standard', 'craft'] as const;

/** One arm as it stood at the archive's step. */
export interface ArchivedArm {
  readonly name: (typeof ARMS)[number];
  /** With the optimiser's slots, so that training can go on bit for bit. */
  readonly state: NetworkState;
}

/** What a run's archive holds. A `Checkpoint` of training/checkpoint.ts is config, step and arms of it. */
export interface RunArchive {
  readonly config: RunConfig;
  /** Steps finished. */
  readonly step: number;
  readonly arms: readonly ArchivedArm[];
  /** Version of the software that wrote it. */
  readonly version: string;
  readonly engine: { readonly backend: string; readonly adapter: string };
  /** Text of metrics.csv and events.csv; empty where there is none. */
  readonly metrics: string;
  readonly events: string;
}

const runSchema = z.object({
  format: z.literal('craft-playground-run'),
  formatVersion: z.literal(1),
  config: z.record(z.string(), z.unknown()),
  step: z.int().min(0),
  arms: z.array(z.enum(ARMS)).min(1).max(2),
  version: z.string(),
  engine: z.object({ backend: z.string(), adapter: z.string() }),
});

/**
 * Packs a run into one zip: run.json (config, seed, step, versions, adapter), metrics.csv, events.csv, and for each arm
 * a folder with model.json + weights.bin (TensorFlow.js), model.safetensors (PyTorch's layouts) and state.safetensors
 * (everything, optimiser included, in the playground's own layouts). Numbers hardly shrink, so it is stored.
 * @throws ExportError where an arm's state is not the config's
 */
export function writeRunArchive(run: RunArchive): Uint8Array<ArrayBuffer> {
  const { config, step, arms, version, engine, metrics, events } = run;
  const text = (content: string) => new TextEncoder().encode(content);
  const files: Record<string, Uint8Array> = {
    'run.json': text(
      JSON.stringify(
        {
          format: 'craft-playground-run',
          formatVersion: 1,
          version,
          seed: config.seed,
          step,
          arms: arms.map(({ name }) => name),
          engine,
          config,
        },
        null,
        2,
      ),
    ),
    'metrics.csv': text(metrics),
    'events.csv': text(events),
  };
  for (const { name, state } of arms) {
    const network = { config, state, step, arm: name };
    const { model, weights } = exportTfjs(network, version);
    files[`${name}/model.json`] = text(model);
    files[`${name}/weights.bin`] = weights;
    files[`${name}/model.safetensors`] = exportSafetensors(network);
    files[`${name}/state.safetensors`] = writeSafetensors(
      new Map([...state].map(([tensor, { shape, values }]) => [tensor, { shape, data: values }] as const)),
      { layout: 'convolutions [k, k, in, out], images height, width, channels', step: String(step) },
    );
  }
  return new Uint8Array(zipSync(files, { level: 0 }));
}

/**
 * Reads a run's archive. Settings are validated and clamped as any that come from outside; `notices` tells what was
 * changed. Every arm's state is checked against the network that the settings ask for.
 * @throws ModelProblem
 */
export function readRunArchive(bytes: Uint8Array): RunArchive & { readonly notices: readonly ConfigNotice[] } {
  try {
    return read(bytes);
  } catch (error) {
    throw asModelProblem(error);
  }
}

function read(bytes: Uint8Array): ReturnType<typeof readRunArchive> {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = unzip(plain, 'run', (name) => /^(run\.json|(metrics|events)\.csv|\w+\/state\.safetensors)$/.test(name));
  const textOf = (name: string) => new TextDecoder().decode(files.get(name) ?? new Uint8Array(0));
  const run = runSchema.safeParse(jsonOf(textOf('run.json')));
  if (!run.success) {
    throw new ModelProblem(
      'not-a-model',
      'This zip is no run: it has no run.json of one.',
      'Choose a .zip that was saved from a run.',
    );
  }
  const { step, arms, version, engine } = run.data;
  const { config, notices } = readConfig(run.data.config);
  return {
    config,
    notices,
    step: Math.min(step, config.steps),
    version,
    engine,
    metrics: textOf('metrics.csv'),
    events: textOf('events.csv'),
    arms: [...new Set(arms)].map((name) => ({
      name,
      state: stateOf(name, files.get(`${name}/state.safetensors`), config),
    })),
  };
}

function stateOf(arm: string, bytes: Uint8Array | undefined, config: RunConfig): NetworkState {
  if (bytes === undefined) throw damaged(`the weights of the arm "${arm}" are missing`);
  const { tensors } = readSafetensors(bytes);
  const classes = tensors.get(CENTRES_NAME)?.shape[0] ?? 0;
  const state = new Map<string, StateTensor>();
  for (const [name, shape] of stateShapes(parametersOf(architectureOf(config, classes)))) {
    const tensor = tensors.get(name);
    const values = tensor?.type === 'F32' ? floatsOf(tensor) : undefined;
    if (tensor === undefined || values === undefined) throw damaged(`"${name}" of the arm "${arm}" is missing`);
    if (tensor.shape.join() !== shape.join()) {
      throw damaged(`"${name}" is [${tensor.shape.slice(0, 8)}], but its settings ask for [${shape}]`);
    }
    state.set(name, { shape, values });
  }
  return state;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no run; the caller says so.
    return undefined;
  }
}

function damaged(what: string): ModelProblem {
  return new ModelProblem(
    'inconsistent',
    `The run is damaged: ${what}.`,
    'Save it again from the page or the command line.',
  );
}
