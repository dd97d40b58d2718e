import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { FaceNetwork } from '../../src/network/face-network.ts';
import { stateShapes } from '../../src/network/network-state.ts';
import { openTfjs } from './open-tfjs.ts';
import { tfjsOperations } from './operations.ts';
import type { OpenEngine } from './training-engine.ts';
import { type LoadedWorkload, placedOf, valuesOf } from './workload.ts';

/** The playground's own network on its own kernels, as a run trains it. */
export const openOurs: OpenEngine = async (place, loaded) => {
  const adapter = await openTfjs(place);
  const network = networkOf(loaded);
  const [count = 0, size = 0] = loaded.workload.images.shape;
  const images = tensor4d(valuesOf(loaded, loaded.workload.images), [count, size, size, 3]);
  const labels = tensor1d([...loaded.workload.labels], 'int32');
  return {
    adapter,
    step: async () => {
      network.trainStep({ images, labels }, loaded.workload.learningRate);
      const telemetry = network.telemetry();
      const [loss = Number.NaN] = await telemetry.data<'float32'>();
      telemetry.dispose();
      return loss;
    },
    profile: () => tfjsOperations(() => network.trainStep({ images, labels }, loaded.workload.learningRate)),
  };
};

/** The workload's network with the workload's weights. */
export function networkOf(loaded: LoadedWorkload): FaceNetwork {
  const { architecture, recipe, tensors } = loaded.workload;
  const network = FaceNetwork.create(architecture, recipe, 1);
  const shapes = stateShapes(network.parameters);
  network.importState(
    new Map(
      [...shapes].map(([name, shape]) => [
        name,
        // The workload has no momentum, which starts at zero.
        name in tensors
          ? { shape, values: valuesOf(loaded, placedOf(loaded, name)) }
          : { shape, values: new Float32Array(shape.reduce((product, size) => product * size, 1)) },
      ]),
    ),
  );
  return network;
}
