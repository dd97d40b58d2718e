import { keep, type Tensor, type Tensor1D, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { STANDARD } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { gatherFilters } from '../craft/filter-bank.ts';
import { gatherChannels, respond } from '../craft/response.ts';
import { batchNormInfer } from '../kernels/operations.ts';
import { expectClose, numbers } from '../kernels/testing/evaluate.ts';
import { openEngine } from '../network/backend.ts';
import { FIRST_NORM } from '../network/first-layer.ts';
import { embeddingsOf } from '../network/forward.ts';
import { TensorStore } from '../network/tensor-store.ts';
import { readTelemetry } from './telemetry.ts';
import { TINY_CONFIG } from './testing/run-events.ts';
import { trainedArms } from './trained-arm.ts';

/** The first layer's output [filters, S, S] as the network's own forward pass has it. */
async function forwardResponse(arm: ReturnType<typeof trainedArms>[number], face: Float32Array, size: number) {
  const { architecture } = arm.network;
  const store = new TensorStore();
  for (const [name, { shape, values }] of await arm.network.exportState()) store.putValues(name, shape, values);
  let found: Tensor | undefined;
  tidy(() =>
    embeddingsOf(
      architecture,
      store,
      (x, name, then) => {
        const of = (part: string) => store.get<Tensor1D>(`${name}.${part}`);
        const y = batchNormInfer(
          x,
          {
            gamma: of('weight'),
            beta: of('bias'),
            mean: of('running_mean'),
            variance: of('running_var'),
            epsilon: architecture.epsilon,
          },
          then,
        );
        if (name === FIRST_NORM) found = keep(y.clone());
        return y;
      },
      tensor4d(face, [1, size, size, 3]),
    ),
  );
  store.dispose();
  if (found === undefined) return expect.fail('no first layer');
  const filters = architecture.stem.outputs;
  const whole = await found.data();
  found.dispose();
  return Float32Array.from(whole, (_, at) => {
    const [f, pixel] = [Math.floor(at / (size * size)), at % (size * size)];
    return whole[pixel * filters + f] ?? 0;
  });
}

test('the response from telemetry equals that of the trained network, also right after a re-activation', async () => {
  await openEngine({ preference: 'cpu' });
  // The weakest of the first filters count as inactive.
  const config: RunConfig = { ...TINY_CONFIG, learningRate: 0.1, warmupSteps: 0, criterion: 'relativeNorm', rho: 0.9 };
  const [arm] = trainedArms({ arms: [STANDARD], run: config, identities: 5 });
  if (arm === undefined) return expect.fail('no arm');
  const size = config.imageSize;
  for (let step = 0; step < 4; step++) {
    const images = tensor4d(numbers(4 * size * size * 3, `step ${step}`), [4, size, size, 3]);
    arm.trainStep({ images, labels: tensor1d([0, 1, 2, 3], 'int32') }, step, config);
    images.dispose();
  }
  const face = { size, values: Float32Array.from(numbers(size * size * 3, 'face')) };
  const shown = async () => {
    const [reading] = await readTelemetry([arm], true);
    if (reading?.kernel === undefined || reading.channels === undefined) return expect.fail('no kernel');
    return { kernel: reading.kernel, shape: arm.kernelShape, channels: reading.channels };
  };
  const before = await shown();
  expectClose(respond(face, before).values, await forwardResponse(arm, face.values, size), 1e-4);

  const check = await arm.check(4, config);
  expect(check.filters.length).toBeGreaterThan(0);
  const after = await shown();
  expectClose(respond(face, after).values, await forwardResponse(arm, face.values, size), 1e-4);
  // The event has the same numbers of the filters it names.
  for (const [layer, kernel, channels] of [
    [before, check.before, check.channelsBefore],
    [after, check.after, check.channelsAfter],
  ] as const) {
    expect([...gatherFilters(layer.kernel, config.filters, check.filters)]).toEqual([...kernel]);
    expectClose(Float32Array.from(channels ?? []), gatherChannels(layer.channels, check.filters), 1e-6);
  }
  arm.network.dispose();
});
