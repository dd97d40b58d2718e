import {
  abs,
  add,
  concat1d,
  keep,
  max,
  mul,
  type Rank,
  reshape,
  rsqrt,
  type Scalar,
  scalar,
  sqrt,
  square,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { batchNormInfer, batchNormTrain, marginLoss, movingAverage, sgdStep } from '../kernels/operations.ts';
import { type Architecture, firstLayerConsumers } from './architecture.ts';
import { type Dropout, dropFeatures } from './dropout.ts';
import { FIRST_NORM, FIRST_SLOPE, type FirstLayer, readFirstLayer, writeFirstLayer } from './first-layer.ts';
import { embeddingsOf, type Normalise } from './forward.ts';
import { momentumName, type NetworkState, readState, stateShapes, writeState } from './network-state.ts';
import {
  CENTRES_NAME,
  initialValues,
  KERNEL_NAME,
  type ParameterSpec,
  parameterCount,
  parametersOf,
  sizeOf,
} from './parameters.ts';
import type { Recipe } from './recipe.ts';
import { TensorStore } from './tensor-store.ts';

/** Share of the newest batch in the moving statistics: PyTorch's momentum of 0.1. */
const STATISTICS_RATE = 0.1;

const LOSS = 'last loss';
const ACCURACY = 'last accuracy';

/** Images float32 [N,S,S,3] as `facesToBatch` makes them, labels int32 [N]; both stay the caller's. */
export interface NetworkBatch {
  readonly images: Tensor4D;
  readonly labels: Tensor1D;
}

/** The settings that may change from step to step, besides the learning rate. */
export interface StepSettings {
  /** Instead of the recipe's. */
  readonly weightDecay?: number;
  /** Of the features before the embedding. */
  readonly dropout?: Dropout | undefined;
}

/** A batch norm's statistics of one batch, over `count` numbers a channel. */
interface Observation {
  readonly name: string;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly count: number;
}

/**
 * Backbone, margin head and optimiser of one arm, on tfjs's current backend (`openEngine` first). Owns its tensors
 * until `dispose`, after which every call throws. Await a read before the next step or `dispose`.
 */
export class FaceNetwork {
  readonly architecture: Architecture;
  readonly recipe: Recipe;
  /** Names, shapes and roles of every tensor but the optimiser's. */
  readonly parameters: readonly ParameterSpec[];
  /** How many numbers are trained. */
  readonly parameterCount: number;
  readonly #trained: readonly ParameterSpec[];
  readonly #tensors = new TensorStore();
  #disposed = false;

  private constructor(architecture: Architecture, recipe: Recipe) {
    this.architecture = architecture;
    this.recipe = recipe;
    this.parameters = parametersOf(architecture);
    this.parameterCount = parameterCount(this.parameters);
    this.#trained = this.parameters.filter(({ role }) => role === 'trained');
  }

  /** A network with its first weights drawn from the seed: the same seed, the same weights, bit for bit. */
  static create(architecture: Architecture, recipe: Recipe, seed: number): FaceNetwork {
    const network = FaceNetwork.blank(architecture, recipe);
    for (const spec of network.parameters) {
      network.#tensors.putValues(spec.name, spec.shape, initialValues(spec, seed));
    }
    return network;
  }

  /** A network of zeros, to be filled by `importState` or thrown away. */
  static blank(architecture: Architecture, recipe: Recipe): FaceNetwork {
    const network = new FaceNetwork(architecture, recipe);
    for (const [name, shape] of stateShapes(network.parameters)) {
      network.#tensors.putValues(name, shape, new Float32Array(sizeOf(shape)));
    }
    network.#tensors.put(LOSS, scalar(0));
    network.#tensors.put(ACCURACY, scalar(0));
    return network;
  }

  /**
   * One step of SGD: enqueues it and returns without waiting for the device. Loss and accuracy stay there, for
   * `telemetry`. No gradient by the images is computed.
   */
  trainStep(batch: NetworkBatch, learningRate: number, settings: StepSettings = {}): void {
    this.#assertAlive();
    tidy(() => {
      const observations: Observation[] = [];
      const normalise: Normalise = (x, name, then) => {
        const { y, mean, variance } = batchNormTrain(x, this.#batchNorm(name), then);
        // Kept, as the tape's own scope disposes everything but the loss.
        observations.push({ name, mean: keep(mean), variance: keep(variance), count: x.size / mean.size });
        return y;
      };
      const lossOf = () => {
        const { dropout } = settings;
        const drop = (x: Tensor4D) => (dropout === undefined ? x : dropFeatures(x, dropout));
        const embeddings = embeddingsOf(this.architecture, this.#tensors, normalise, batch.images, drop);
        const centres = this.#tensors.get<Tensor2D>(CENTRES_NAME);
        const { loss, accuracy } = marginLoss(embeddings, centres, batch.labels, this.recipe.head);
        this.#tensors.put(ACCURACY, accuracy);
        return loss;
      };
      const { value, grads } = valueAndGrads(lossOf)(this.#trained.map(({ name }) => this.#tensors.get(name)));
      this.#tensors.put(LOSS, value);
      this.#update(grads, learningRate, settings.weightDecay ?? this.recipe.weightDecay);
      this.#moveStatistics(observations);
    });
  }

  /**
   * One tensor that the caller reads immediately, then disposes: loss and accuracy of the last step, then by filter the
   * norms, the largest |w|, the norms with batch norm folded in and the contributions to the next layer
   * (craft/contribution.ts) [F each], then on request the kernel, and the layers behind it: scale, shift, mean and
   * variance of the batch norm and the slope of the PReLU [F each].
   */
  telemetry(options: { readonly kernel?: boolean } = {}): Tensor1D {
    this.#assertAlive();
    return tidy(() => {
      const kernel = this.#tensors.get(KERNEL_NAME);
      const byFilter = reshape<Rank.R2>(kernel, [-1, this.architecture.stem.outputs]);
      const { gamma, beta, mean, variance, epsilon } = this.#batchNorm(FIRST_NORM);
      const slope = this.#tensors.get<Tensor1D>(FIRST_SLOPE);
      const norms = sqrt(sum<Tensor1D>(square(byFilter), 0));
      const fold = mul<Tensor1D>(abs(gamma), rsqrt(add(variance, epsilon)));
      return concat1d([
        reshape<Rank.R1>(this.#tensors.get<Scalar>(LOSS), [1]),
        reshape<Rank.R1>(this.#tensors.get<Scalar>(ACCURACY), [1]),
        norms,
        max<Tensor1D>(abs(byFilter), 0),
        mul<Tensor1D>(fold, norms),
        mul<Tensor1D>(abs(gamma), this.#consumerNorms()),
        ...(options.kernel ? [reshape<Rank.R1>(kernel, [kernel.size]), gamma, beta, mean, variance, slope] : []),
      ]);
    });
  }

  /** Embeddings [N,D] of images [N,S,S,3] with the moving statistics, not normalised; the caller disposes them. */
  embed(images: Tensor4D): Tensor2D {
    this.#assertAlive();
    const normalise: Normalise = (x, name, then) => batchNormInfer(x, this.#batchNorm(name), then);
    return tidy(() => embeddingsOf(this.architecture, this.#tensors, normalise, images));
  }

  /** The first layer with its batch norm and the optimiser's part of it; the device is asked once. */
  readFirstLayer(): Promise<FirstLayer> {
    this.#assertAlive();
    return readFirstLayer(this.#tensors);
  }

  /** Puts a first layer in place, the rest of the network stays. Throws NetworkStateError where sizes differ. */
  writeFirstLayer(layer: Omit<FirstLayer, 'slope'>): void {
    this.#assertAlive();
    writeFirstLayer(this.#tensors, layer);
  }

  /** Everything needed to resume exactly from here. */
  exportState(): Promise<NetworkState> {
    this.#assertAlive();
    return readState(this.#tensors, this.parameters);
  }

  /** Puts an exported state in place. Throws NetworkStateError, and changes nothing, where names or shapes differ. */
  importState(state: NetworkState): void {
    this.#assertAlive();
    writeState(this.#tensors, this.parameters, state);
  }

  /** Frees the device's memory; a second call does nothing. */
  dispose(): void {
    this.#disposed = true;
    this.#tensors.dispose();
  }

  /** [F], the norm of all weights that read a first-layer channel, of all its consumers together. */
  #consumerNorms(): Tensor1D {
    const filters = this.architecture.stem.outputs;
    const squares = firstLayerConsumers(this.architecture).map((name) => {
      const kernel = this.#tensors.get(name);
      const [height = 1, width = 1] = kernel.shape;
      const byChannel = sum<Tensor2D>(square(reshape<Rank.R3>(kernel, [height * width, filters, -1])), 2);
      return sum<Tensor1D>(byChannel, 0);
    });
    return sqrt(squares.reduce((total, part) => add<Tensor1D>(total, part)));
  }

  #update(gradients: readonly Tensor[], learningRate: number, weightDecay: number): void {
    const { momentum, decayBatchNorm, clipNorm } = this.recipe;
    const parameters = this.#trained.map(({ name, backbone, batchNorm }, index) => {
      const gradient = gradients[index];
      if (gradient === undefined) throw new Error(`"${name}" got no gradient.`);
      const weight = this.#tensors.get(name);
      const velocity = this.#tensors.get(momentumName(name));
      return { weight, gradient, velocity, clipped: backbone, decayed: decayBatchNorm || !batchNorm };
    });
    const stepped = sgdStep(parameters, { learningRate, momentum, weightDecay, clipNorm });
    for (const [index, { name }] of this.#trained.entries()) {
      const next = stepped[index];
      if (next === undefined) throw new Error(`"${name}" was not stepped.`);
      this.#tensors.put(name, next.weight);
      this.#tensors.put(momentumName(name), next.velocity);
    }
  }

  #moveStatistics(observations: readonly Observation[]): void {
    const named = observations.flatMap(({ name, mean, variance, count }) => [
      { name: `${name}.running_mean`, observed: mean, factor: 1 },
      // PyTorch normalises with the population variance and keeps the unbiased one.
      { name: `${name}.running_var`, observed: variance, factor: count > 1 ? count / (count - 1) : 1 },
    ]);
    const values = named.map((value) => ({ ...value, moving: this.#tensors.get(value.name) }));
    for (const [index, moved] of movingAverage(values, STATISTICS_RATE).entries()) {
      const value = values[index];
      if (value === undefined) throw new Error('More statistics came back than were given.');
      this.#tensors.put(value.name, moved);
      value.observed.dispose();
    }
  }

  #batchNorm(name: string) {
    return {
      gamma: this.#tensors.get<Tensor1D>(`${name}.weight`),
      beta: this.#tensors.get<Tensor1D>(`${name}.bias`),
      mean: this.#tensors.get<Tensor1D>(`${name}.running_mean`),
      variance: this.#tensors.get<Tensor1D>(`${name}.running_var`),
      epsilon: this.architecture.epsilon,
    };
  }

  #assertAlive(): void {
    if (this.#disposed) throw new Error('This network was disposed.');
  }
}
