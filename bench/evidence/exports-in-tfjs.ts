/*
 * TensorFlow.js exports of the presets' networks at their own size, in stock tfjs, against the playground's own network:
 * npx tsx bench/evidence/exports-in-tfjs.ts. The weights only look trained. Prints the largest difference of a number of an
 * embedding, as the network gives it and with embeddings scaled to length 1, as they are compared: both on WebAssembly,
 * both on plain JavaScript, and the playground on WebAssembly against the export on plain JavaScript.
 */
import { io, loadLayersModel, type Tensor, tensor4d } from '@tensorflow/tfjs';
import { ALL_PRESETS, withPreset } from '../../src/config/presets.ts';
import type { RunConfig } from '../../src/config/run-config.ts';
import { exportTfjs } from '../../src/exchange/export/tfjs.ts';
import { ownEmbeddings } from '../../src/exchange/testing/engine.ts';
import { largestDifference, testImages, trainedNetwork, unitLength } from '../../src/exchange/testing/trained.ts';
import { openEngine } from '../../src/network/backend.ts';

const CLASSES = 20;
const BATCH = 2;

/** The presets' networks, each once. */
const configs = new Map(
  ALL_PRESETS.map(({ id }) => withPreset(id)).map((config) => [`${config.body}, ${config.imageSize} px`, config]),
);

async function embeddings(config: RunConfig, backend: 'wasm' | 'cpu') {
  await openEngine({ preference: backend });
  const size = config.imageSize;
  const trained = trainedNetwork(config, CLASSES);
  const images = testImages(BATCH, size);
  const own = await ownEmbeddings(trained, images);
  const { model: json, weights } = exportTfjs(trained, 'bench');
  const { modelTopology, weightsManifest } = JSON.parse(json);
  const source = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData: weights.buffer };
  const model = await loadLayersModel(io.fromMemory(source));
  const batch = tensor4d(images, [BATCH, size, size, 3]);
  const output = model.predict(batch);
  if (Array.isArray(output)) throw new Error('One output was expected.');
  // `predict` is typed for models with named outputs, too.
  const stock = new Float32Array(await (output as Tensor).data());
  model.dispose();
  batch.dispose();
  output.dispose();
  return { own, stock };
}

for (const [name, config] of configs) {
  const wasm = await embeddings(config, 'wasm');
  const cpu = await embeddings(config, 'cpu');
  const compared = (a: Float32Array, b: Float32Array) =>
    [largestDifference(a, b), largestDifference(unitLength(a, BATCH), unitLength(b, BATCH))]
      .map((difference) => difference.toExponential(1))
      .join(' raw, ')
      .concat(' at length 1');
  const length = Math.hypot(...wasm.own.subarray(0, config.embeddingSize)).toFixed(1);
  console.log(`${name}, embeddings of length ${length}`);
  console.log(`  WebAssembly: ${compared(wasm.own, wasm.stock)}`);
  console.log(`  plain JavaScript: ${compared(cpu.own, cpu.stock)}`);
  console.log(
    `  one against the other: ${compared(wasm.own, cpu.stock)}; the export alone: ${compared(wasm.stock, cpu.stock)}`,
  );
}
