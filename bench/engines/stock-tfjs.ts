import {
  add,
  minimum,
  mul,
  oneHot,
  type Scalar,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tensor4d,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
// The chained methods and gradients that @tensorflow/tfjs brings along.
import '@tensorflow/tfjs';
import { EMBEDDING_NORM } from '../../src/network/parameters.ts';
import { registerPlainFilterGradient } from './im2col-gradient.ts';
import { openStockTfjs } from './open-tfjs.ts';
import { tfjsOperations } from './operations.ts';
import { stockLoss } from './stock-network.ts';
import type { OpenEngine } from './training-engine.ts';
import { placedOf, valuesOf } from './workload.ts';

const FROZEN = `${EMBEDDING_NORM}.weight`;

/** The network as one would write it with tfjs: its own operations, `variableGrads`, momentum by hand. */
export const openStock: OpenEngine = async (place, loaded) => {
  const adapter = await openStockTfjs(place);
  // tfjs cannot train a convolution on wasm at all: that one kernel is missing there.
  if (place.backend === 'wasm') registerPlainFilterGradient();
  const { workload } = loaded;
  const read = (name: string) => {
    const placed = placedOf(loaded, name);
    return tensor(valuesOf(loaded, placed), [...placed.shape]);
  };
  const weights = new Map(workload.trained.map((name) => [name, variable(read(name), true)]));
  const velocities = new Map([...weights].map(([name, weight]) => [name, variable(mul(weight, 0), false)]));
  // The embedding's scale stays at one; tfjs has no gradient of a batch norm without a scale.
  const all = new Map<string, Tensor>([[FROZEN, read(FROZEN)], ...weights]);
  const [count = 0, size = 0] = workload.images.shape;
  const images = tensor4d(valuesOf(loaded, workload.images), [count, size, size, 3]);
  const targets = oneHot(tensor1d([...workload.labels], 'int32'), workload.architecture.classes);
  const { momentum, weightDecay, clipNorm } = workload.recipe;

  const step = (): Scalar =>
    tidy(() => {
      const { value, grads } = variableGrads(() => stockLoss(workload, all, images, targets), [...weights.values()]);
      const gradientOf = (weight: Variable) => {
        const gradient = grads[weight.name];
        if (gradient === undefined) throw new Error(`tfjs gave no gradient for ${weight.name}.`);
        return gradient;
      };
      const clip =
        clipNorm > 0
          ? clipFactor(
              [...weights].filter(([name]) => name !== 'head.weight').map(([, w]) => gradientOf(w)),
              clipNorm,
            )
          : undefined;
      for (const [name, weight] of weights) {
        const gradient = gradientOf(weight);
        const clipped = clip === undefined || name === 'head.weight' ? gradient : mul(gradient, clip);
        const velocity = velocities.get(name);
        if (velocity === undefined) throw new Error(`No velocity for ${name}.`);
        velocity.assign(add(mul(velocity, momentum), add(clipped, mul(weight, weightDecay))));
        weight.assign(sub(weight, mul(velocity, workload.learningRate)));
      }
      return value;
    });

  return {
    adapter,
    step: async () => {
      const loss = step();
      const [value = Number.NaN] = await loss.data();
      loss.dispose();
      return value;
    },
    // On wasm the one that im2col-gradient.ts adds.
    profile: () => tfjsOperations(() => step().dispose(), place.backend === 'wasm' ? ['Conv2DBackpropFilter'] : []),
  };
};

/** torch.nn.utils.clip_grad_norm_'s factor. */
function clipFactor(gradients: readonly Tensor[], largest: number): Tensor {
  // Not addN: on WebGPU it binds all its inputs to one shader, and past ten of them it silently computes something else.
  const squares = gradients.map((gradient) => sum(square(gradient)));
  const norm = sqrt(squares.reduce((total, one) => add(total, one), scalar(0)));
  return minimum(scalar(1), mul(scalar(largest), add(norm, 1e-6).reciprocal()));
}
