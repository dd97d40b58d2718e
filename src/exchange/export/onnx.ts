import { type OnnxModelToWrite, type OnnxNodeToWrite, writeOnnx } from '../../formats/onnx-writer.ts';
import type { Architecture } from '../../network/architecture.ts';
import { hwioShape, toOihw } from '../import/model-tensors.ts';
import { type ForwardStep, forwardPlan, PLAN_INPUT, PLAN_OUTPUT } from './forward-plan.ts';
import { channelsFirst } from './pytorch-layout.ts';
import {
  architectureOfNetwork,
  ExportError,
  preprocessingOf,
  type TrainedNetwork,
  valuesOf,
} from './trained-network.ts';

export interface OnnxExportOptions {
  /** `folded`: batch norm is worked into the convolution or dense layer before it, where there is one. */
  readonly batchNorm: 'folded' | 'kept';
  /** Of the software that writes the file. */
  readonly version: string;
}

const OPSET = 17;
/** The producer that a model of ours names. */
export const PRODUCER = 'CRAFT Playground';

/** The numbers of a convolution or dense layer with those of the batch norm behind it worked in. */
interface Affine {
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
}

/**
 * A network as ONNX: operator set 17, float32, input `data` [N, 3, S, S], output `embedding` [N, D], not normalised;
 * pads are explicit and the pre-processing is in the metadata.
 * @throws ExportError
 */
export function exportOnnx(network: TrainedNetwork, options: OnnxExportOptions): Uint8Array<ArrayBuffer> {
  const { config } = network;
  const { nodes, tensors } = onnxGraph(network, options.batchNorm);
  return writeOnnx({
    opset: OPSET,
    producer: PRODUCER,
    producerVersion: options.version,
    graphName: `${config.body}-${network.arm}`,
    nodes,
    tensors,
    input: { name: PLAN_INPUT, shape: ['N', 3, config.imageSize, config.imageSize] },
    output: { name: PLAN_OUTPUT, shape: ['N', config.embeddingSize] },
    metadata: {
      preprocessing: JSON.stringify(preprocessingOf(config)),
      batch_norm: options.batchNorm,
      arm: network.arm,
      step: String(network.step),
      config: JSON.stringify(config),
    },
  });
}

/** The graph that `exportOnnx` writes: its nodes in order, and its weights. @throws ExportError */
export function onnxGraph(
  network: TrainedNetwork,
  batchNorm: OnnxExportOptions['batchNorm'],
): Pick<OnnxModelToWrite, 'nodes' | 'tensors'> {
  const architecture = architectureOfNetwork(network);
  const graph = new OnnxGraph(network, architecture);
  const plan = forwardPlan(architecture);
  for (let index = 0; index < plan.length; index++) {
    const step = plan[index];
    const next = plan[index + 1];
    if (step === undefined) continue;
    const folds =
      batchNorm === 'folded' &&
      (step.kind === 'conv' || step.kind === 'dense') &&
      next?.kind === 'batch-norm' &&
      next.input === step.output;
    if (folds) {
      graph.add({ ...step, output: next.output }, next.norm);
      index++;
    } else graph.add(step);
  }
  return graph;
}

/** The nodes and weights of a graph while it is built. */
class OnnxGraph {
  readonly nodes: OnnxNodeToWrite[] = [];
  readonly tensors = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  readonly #network: TrainedNetwork;
  readonly #architecture: Architecture;

  constructor(network: TrainedNetwork, architecture: Architecture) {
    this.#network = network;
    this.#architecture = architecture;
  }

  /** Adds an operation; `fold` is the batch norm to be worked in. */
  add(step: ForwardStep, fold?: string): void {
    const { output } = step;
    switch (step.kind) {
      case 'conv': {
        const shape = hwioShape(this.#network.state.get(step.kernel)?.shape ?? []);
        if (shape === undefined) throw new ExportError(`"${step.kernel}" is no kernel.`);
        const [height, width, channels, filters] = shape;
        const { weight, bias } = this.#affine(toOihw(valuesOf(this.#network, step.kernel), shape), filters, fold);
        const inputs = [step.input, this.#tensor(step.kernel, [filters, channels, height, width], weight)];
        if (bias !== undefined) inputs.push(this.#tensor(`${output}.bias`, [filters], bias));
        const { pad, stride } = step;
        this.#node('Conv', inputs, output, step.kernel.replace(/\.weight$/, ''), {
          kernel_shape: [height, width],
          strides: [stride, stride],
          pads: [pad, pad, pad, pad],
        });
        return;
      }
      case 'dense': {
        const [height, width, channels] = step.from;
        const { units } = step;
        const values = channelsFirst(valuesOf(this.#network, step.weight), units, height * width);
        const { weight, bias } = this.#affine(values, units, fold);
        this.#node('Flatten', [step.input], `${output}.flat`, `${output}.flat`, { axis: 1 });
        const inputs = [`${output}.flat`, this.#tensor(step.weight, [units, height * width * channels], weight)];
        if (bias !== undefined) inputs.push(this.#tensor(`${output}.bias`, [units], bias));
        this.#node('Gemm', inputs, output, 'embedding', { transB: 1 });
        return;
      }
      case 'batch-norm': {
        const parts = ['weight', 'bias', 'running_mean', 'running_var'].map((part) => {
          const name = `${step.norm}.${part}`;
          const values = valuesOf(this.#network, name);
          return this.#tensor(name, [values.length], values);
        });
        this.#node('BatchNormalization', [step.input, ...parts], output, step.norm, {
          epsilon: { float: this.#architecture.epsilon },
        });
        return;
      }
      case 'prelu': {
        const slope = valuesOf(this.#network, step.slope);
        this.#node('PRelu', [step.input, this.#tensor(step.slope, [slope.length, 1, 1], slope)], output, output);
        return;
      }
      case 'add':
        this.#node('Add', step.inputs, output, output);
    }
  }

  /** Rows of weights, one an output, with the batch norm worked in: in double precision, rounded once. */
  #affine(weight: Float32Array, outputs: number, norm: string | undefined): Affine {
    if (norm === undefined) return { weight, bias: undefined };
    const part = (name: string) => valuesOf(this.#network, `${norm}.${name}`);
    const [gamma, beta, mean, variance] = [part('weight'), part('bias'), part('running_mean'), part('running_var')];
    const folded = new Float32Array(weight.length);
    const bias = new Float32Array(outputs);
    const width = weight.length / outputs;
    for (let row = 0; row < outputs; row++) {
      const factor = (gamma[row] ?? 0) / Math.sqrt((variance[row] ?? 0) + this.#architecture.epsilon);
      bias[row] = (beta[row] ?? 0) - factor * (mean[row] ?? 0);
      for (let i = row * width; i < (row + 1) * width; i++) folded[i] = factor * (weight[i] ?? 0);
    }
    return { weight: folded, bias };
  }

  #tensor(name: string, shape: readonly number[], values: Float32Array): string {
    this.tensors.set(name, { shape, values });
    return name;
  }

  #node(
    operator: string,
    inputs: readonly string[],
    output: string,
    name: string,
    attributes: NonNullable<OnnxNodeToWrite['attributes']> = {},
  ): void {
    this.nodes.push({ name, operator, inputs, output, attributes });
  }
}
