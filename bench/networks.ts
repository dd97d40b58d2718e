import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PresetId, withPreset } from '../src/config/presets.ts';
import { stream } from '../src/config/random.ts';
import type { RunConfig } from '../src/config/run-config.ts';
import { DEFAULT_CONFIG } from '../src/config/run-config.ts';
import { type Architecture, architectureOf } from '../src/network/architecture.ts';
import { initialValues, parametersOf } from '../src/network/parameters.ts';
import { recipeOf } from '../src/network/recipe.ts';
import type { Placed, Workload } from './engines/workload.ts';

const SEED = 1;

/** The network of the issue that asked for speed: 32 first-layer filters, plain body, CosFace, 200 people. */
const N32: RunConfig = {
  ...DEFAULT_CONFIG,
  imageSize: 32,
  filters: 32,
  body: 'plain',
  width: 32,
  embeddingSize: 64,
  batchSize: 32,
  head: 'cosface',
  margin: 0.3,
  scale: 32,
  learningRate: 0.05,
  momentum: 0.9,
  weightDecay: 0.005,
  clipNorm: 0,
};

/** A network to be measured. */
export interface NetworkChoice {
  readonly name: string;
  readonly config: RunConfig;
  readonly classes: number;
}

/** N32 with some settings changed. */
export function n32(changes: Partial<RunConfig> = {}, name = 'N32'): NetworkChoice {
  return { name, config: { ...N32, ...changes }, classes: 200 };
}

/** A preset's network, with as many people as its synthetic set trains on. */
export function presetNetwork(id: PresetId): NetworkChoice {
  const config = withPreset(id);
  return { name: id, config, classes: Math.round(config.identities * (1 - config.heldOutShare)) };
}

/** A preset by its name; N32 for any other. */
export function networkNamed(name: string): NetworkChoice {
  const preset = (['quick', 'small', 'gentle', 'insightface', 'paper'] as const).find((id) => id === name);
  return preset === undefined ? n32() : presetNetwork(preset);
}

/** Writes FOLDER/NAME.json and FOLDER/NAME.bin: the first weights from a fixed seed, and one batch of noise. */
export function writeWorkload(folder: string, { name, config, classes }: NetworkChoice): Workload {
  const architecture = architectureOf(config, classes);
  const parameters = parametersOf(architecture);
  const arrays: Float32Array[] = [];
  let offset = 0;
  const place = (shape: readonly number[], values: Float32Array): Placed => {
    arrays.push(values);
    offset += values.length;
    return { shape, offset: offset - values.length };
  };
  const tensors = Object.fromEntries(
    parameters.map((spec) => [spec.name, place(spec.shape, initialValues(spec, SEED))]),
  );
  const uniform = stream(SEED, 'images');
  const shape = [config.batchSize, config.imageSize, config.imageSize, 3];
  const size = shape.reduce((product, one) => product * one, 1);
  const workload: Workload = {
    name,
    architecture,
    recipe: recipeOf(config),
    // Without the warm-up of a run, its peak would be too much for the first three steps.
    learningRate: Math.min(0.05, config.learningRate),
    tensors,
    trained: parameters.filter(({ role }) => role === 'trained').map((spec) => spec.name),
    images: place(
      shape,
      Float32Array.from({ length: size }, () => 2 * uniform() - 1),
    ),
    labels: Array.from({ length: config.batchSize }, (_, index) => (index * 6) % classes),
    gflop: gflopOf(architecture, config.batchSize),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(workload));
  writeFileSync(
    join(folder, `${name}.bin`),
    Buffer.concat(arrays.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength))),
  );
  return workload;
}

/** Two operations a multiply-add; forward, and both gradients but that of the images. */
export function gflopOf(architecture: Architecture, batch: number): number {
  let size = architecture.imageSize;
  let multiplyAdds = 0;
  const convolve = (kernel: number, stride: number, inputs: number, outputs: number, passes = 3) => {
    const side = Math.ceil(size / stride);
    multiplyAdds += passes * side * side * kernel * kernel * inputs * outputs;
    return side;
  };
  const { stem, body, features, embeddingSize, classes } = architecture;
  convolve(stem.kernelSize, 1, stem.inputs, stem.outputs, 2);
  for (const block of body) {
    if (block.kind === 'plain') {
      size = convolve(block.kernelSize, block.stride, block.inputs, block.outputs);
      continue;
    }
    convolve(3, 1, block.inputs, block.outputs);
    if (block.projected) convolve(1, block.stride, block.inputs, block.outputs);
    size = convolve(3, block.stride, block.outputs, block.outputs);
  }
  return (2 * batch * (multiplyAdds + 3 * embeddingSize * (features + classes))) / 1e9;
}
