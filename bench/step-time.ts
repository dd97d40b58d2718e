/*
 * Milliseconds a training step takes in Node, by backend: batch 32, 32 x 32 pixels, 32 first-layer filters, plain body
 * of width 32, embedding 64, 200 classes. Loss is read back every step.
 *
 *   npx tsx bench/step-time.ts [wasm|webgpu|cpu] [steps]
 */
import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { stream } from '../src/config/random.ts';
import { DEFAULT_CONFIG } from '../src/config/run-config.ts';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { architectureOf } from '../src/network/architecture.ts';
import { openEngine } from '../src/network/backend.ts';
import { FaceNetwork } from '../src/network/face-network.ts';
import { recipeOf } from '../src/network/recipe.ts';

const preference = (['wasm', 'webgpu', 'cpu'] as const).find((name) => name === process.argv[2]) ?? 'wasm';
const steps = Number(process.argv[3] ?? 20);
const config = { ...DEFAULT_CONFIG, imageSize: 32, filters: 32, width: 32, embeddingSize: 64, batchSize: 32 };

if (preference === 'webgpu') await installWebGpu();
const { info } = await openEngine({ preference });
const network = FaceNetwork.create(architectureOf(config, 200), recipeOf(config), 1);
const uniform = stream(1, 'images');
const pixels = Float32Array.from({ length: 32 * 32 * 32 * 3 }, () => 2 * uniform() - 1);
const batch = {
  images: tensor4d(pixels, [32, 32, 32, 3]),
  labels: tensor1d(
    Array.from({ length: 32 }, (_, index) => index * 6),
    'int32',
  ),
};

const times: number[] = [];
let loss = Number.NaN;
for (let step = 0; step < steps + 2; step++) {
  const start = performance.now();
  network.trainStep(batch, 0.05);
  const packed = network.telemetry();
  loss = (await packed.data())[0] ?? Number.NaN;
  packed.dispose();
  times.push(performance.now() - start);
}
const steady = times.slice(2).sort((a, b) => a - b);
const round = (value: number | undefined) => Math.round(value ?? Number.NaN);
console.log(
  `${info.backend} (${info.adapter}): ${round(steady[steady.length >> 1])} ms a step (median of ${steps}), ` +
    `fastest ${round(steady[0])}, first ${round(times[0])}; loss ${loss.toPrecision(6)}`,
);
// Dawn keeps a Node process alive.
process.exit(0);
