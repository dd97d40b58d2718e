import type { Architecture } from '../../network/architecture.ts';
import { type ForwardStep, forwardPlan, PLAN_INPUT, PLAN_OUTPUT } from './forward-plan.ts';
import { architectureOfNetwork, preprocessingOf, type TrainedNetwork, valuesOf } from './trained-network.ts';

/** The two files of a TensorFlow.js layers model. */
export interface TfjsFiles {
  /** Text of model.json. */
  readonly model: string;
  /** weights.bin. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

interface KerasLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly unknown[];
}

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The name of the weights' file, which model.json refers to. */
export const TFJS_WEIGHTS_FILE = 'weights.bin';

/**
 * A network as a TensorFlow.js layers model, for `tf.loadLayersModel` without any code of ours: only Keras layers.
 * Input [N, S, S, 3], output the embedding [N, D], not normalised. Convolutions with a stride are padded by a layer of
 * their own, since TensorFlow's "same" pads them on one side only.
 * @throws ExportError
 */
export function exportTfjs(network: TrainedNetwork, version: string): TfjsFiles {
  const architecture = architectureOfNetwork(network);
  const { config } = network;
  const builder = new KerasModel(network, architecture);
  builder.input(config.imageSize);
  for (const step of forwardPlan(architecture)) builder.add(step);
  const { layers, weights } = builder;
  const model = {
    format: 'layers-model',
    generatedBy: `CRAFT Playground ${version}`,
    convertedBy: null,
    modelTopology: {
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
      class_name: 'Model',
      config: {
        name: `${config.body}_${network.arm}`.replace(/\W/g, '_'),
        layers,
        input_layers: [[layerName(PLAN_INPUT), 0, 0]],
        output_layers: [[layerName(PLAN_OUTPUT), 0, 0]],
      },
    },
    weightsManifest: [
      { paths: [TFJS_WEIGHTS_FILE], weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) },
    ],
    userDefinedMetadata: { preprocessing: preprocessingOf(config), arm: network.arm, step: network.step, config },
  };
  return { model: JSON.stringify(model), weights: joined(weights) };
}

/** The layers and weights of a Keras model while it is built. */
class KerasModel {
  readonly layers: KerasLayer[] = [];
  readonly weights: Weight[] = [];
  readonly #network: TrainedNetwork;
  readonly #architecture: Architecture;

  constructor(network: TrainedNetwork, architecture: Architecture) {
    this.#network = network;
    this.#architecture = architecture;
  }

  input(size: number): void {
    this.#layer('InputLayer', PLAN_INPUT, [], {
      batch_input_shape: [null, size, size, 3],
      dtype: 'float32',
      sparse: false,
    });
  }

  add(step: ForwardStep): void {
    const { output } = step;
    switch (step.kind) {
      case 'conv': {
        const { kernel, size, stride, pad, filters } = step;
        let from = step.input;
        const padded = stride > 1 && pad > 0;
        if (padded) {
          from = `${output}.pad`;
          this.#layer('ZeroPadding2D', from, [step.input], {
            padding: [
              [pad, pad],
              [pad, pad],
            ],
            data_format: 'channels_last',
          });
        }
        this.#layer('Conv2D', output, [from], {
          filters,
          kernel_size: [size, size],
          strides: [stride, stride],
          // With a stride of 1 and an odd window, "same" pads both sides alike.
          padding: padded || pad === 0 ? 'valid' : 'same',
          data_format: 'channels_last',
          activation: 'linear',
          use_bias: false,
        });
        this.#weight(output, 'kernel', this.#network.state.get(kernel)?.shape ?? [], valuesOf(this.#network, kernel));
        return;
      }
      case 'batch-norm': {
        this.#layer('BatchNormalization', output, [step.input], {
          axis: -1,
          epsilon: this.#architecture.epsilon,
          momentum: 0.9,
          center: true,
          scale: true,
        });
        for (const [part, name] of [
          ['gamma', 'weight'],
          ['beta', 'bias'],
          ['moving_mean', 'running_mean'],
          ['moving_variance', 'running_var'],
        ] as const) {
          const values = valuesOf(this.#network, `${step.norm}.${name}`);
          this.#weight(output, part, [values.length], values);
        }
        return;
      }
      case 'prelu': {
        this.#layer('PReLU', output, [step.input], { shared_axes: [1, 2] });
        const slope = valuesOf(this.#network, step.slope);
        this.#weight(output, 'alpha', [1, 1, slope.length], slope);
        return;
      }
      case 'add':
        this.#layer('Add', output, step.inputs, {});
        return;
      case 'dense': {
        const flat = `${output}.flat`;
        this.#layer('Flatten', flat, [step.input], {});
        this.#layer('Dense', output, [flat], { units: step.units, activation: 'linear', use_bias: false });
        const values = valuesOf(this.#network, step.weight);
        const features = values.length / step.units;
        this.#weight(output, 'kernel', [features, step.units], transposed(values, step.units, features));
      }
    }
  }

  #layer(className: string, value: string, inputs: readonly string[], config: Readonly<Record<string, unknown>>): void {
    const name = layerName(value);
    const inbound = inputs.map((input) => [layerName(input), 0, 0, {}]);
    this.layers.push({
      class_name: className,
      name,
      config: { name, trainable: true, ...config },
      inbound_nodes: inbound.length === 0 ? [] : [inbound],
    });
  }

  #weight(value: string, part: string, shape: readonly number[], values: Float32Array): void {
    this.weights.push({ name: `${layerName(value)}/${part}`, shape, values });
  }
}

/** The Keras name of a value: dots and slashes mean something there. */
export function layerName(value: string): string {
  return value.replaceAll('.', '_');
}

/** [rows, columns] to [columns, rows]. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = values[row * columns + column] ?? 0;
  }
  return result;
}

function joined(weights: readonly Weight[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let position = 0;
  for (const { values } of weights) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return bytes;
}
