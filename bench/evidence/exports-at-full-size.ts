/*
 * ONNX exports of every preset's network at its own size, against tfjs on WebAssembly: npx tsx bench/evidence/exports-at-full-size.ts
 * The weights only look trained. Prints the largest difference of an embedding, batch 7 and 1.
 */
import { tensor4d } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { ALL_PRESETS, withPreset } from '../../src/config/presets.ts';
import { exportOnnx } from '../../src/exchange/export/onnx.ts';
import { nchw } from '../../src/exchange/testing/engine.ts';
import { largestDifference, testImages, trainedNetwork } from '../../src/exchange/testing/trained.ts';
import { architectureOf } from '../../src/network/architecture.ts';
import { openEngine } from '../../src/network/backend.ts';
import { FaceNetwork } from '../../src/network/face-network.ts';
import { recipeOf } from '../../src/network/recipe.ts';

const CLASSES = 20;
const BATCH = 7;

await openEngine({ preference: 'wasm' });
for (const { id } of ALL_PRESETS) {
  const config = withPreset(id);
  const size = config.imageSize;
  const trained = trainedNetwork(config, CLASSES);
  const network = FaceNetwork.create(architectureOf(config, CLASSES), recipeOf(config), config.seed);
  network.importState(trained.state);
  const images = testImages(BATCH, size);
  const batch = tensor4d(images, [BATCH, size, size, 3]);
  const embeddings = network.embed(batch);
  const expected = await embeddings.data<'float32'>();
  for (const batchNorm of ['folded', 'kept'] as const) {
    const session = await InferenceSession.create(exportOnnx(trained, { batchNorm, version: 'bench' }));
    const differences: string[] = [];
    for (const count of [BATCH, 1]) {
      const data = new Tensor('float32', nchw(images.subarray(0, count * size * size * 3), size), [
        count,
        3,
        size,
        size,
      ]);
      const values = (await session.run({ data })).embedding?.data;
      if (!(values instanceof Float32Array)) throw new Error('No embedding came back.');
      differences.push(largestDifference(values, expected.subarray(0, values.length)).toExponential(1));
    }
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0).toFixed(1);
    console.log(`${id}, ${size} px, batch norm ${batchNorm}: ${differences.join(', ')} of numbers up to ${largest}`);
  }
  for (const tensor of [batch, embeddings]) tensor.dispose();
  network.dispose();
}
