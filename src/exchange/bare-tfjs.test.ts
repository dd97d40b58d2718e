import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CRAFT } from '../config/arm.ts';
import { withPreset } from '../config/presets.ts';
import { openEngine } from '../network/backend.ts';
import { writeRunArchive } from './run-archive.ts';
import { ownEmbeddings } from './testing/engine.ts';
import { largestDifference, testImages, trainedNetwork, unitLength } from './testing/trained.ts';

/**
 * All there is: stock TensorFlow.js, no code of ours. Prints the embedding of the image that is posted beside the
 * model.
 */
const BARE_SCRIPT = `
  const tf = require('@tensorflow/tfjs');
  (async () => {
    const model = await tf.loadLayersModel(process.argv[1] + '/craft/model.json');
    const image = new Float32Array(await (await fetch(process.argv[1] + '/image')).arrayBuffer());
    const size = model.inputs[0].shape[1];
    console.log(JSON.stringify([...await model.predict(tf.tensor4d(image, [1, size, size, 3])).data()]));
  })();
`;

const served = new Map<string, Uint8Array>();
let server: Server;
beforeAll(async () => {
  await openEngine({ preference: 'wasm' });
  server = createServer(({ url }, response) => response.end(served.get(url?.slice(1) ?? '')));
  await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterAll(() => server.close());

// Raw embeddings are as long as training makes them: float32 leaves 1e-5 of a length of 23, on any two engines.
it.each(['small', 'insightface'] as const)(
  "the archive's model in a bare script embeds as the playground does, at full size: %s",
  async (preset) => {
    const config = withPreset(preset);
    const trained = trainedNetwork(config, 20);
    const archive = writeRunArchive({
      config,
      step: trained.step,
      version: 'test',
      engine: { backend: 'wasm', adapter: '' },
      arms: [{ ...CRAFT, state: trained.state }],
    });
    for (const [name, bytes] of Object.entries(unzipSync(archive))) served.set(name, bytes);
    const image = testImages(1, config.imageSize);
    served.set('image', new Uint8Array(image.buffer));
    const { port } = server.address() as AddressInfo;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', BARE_SCRIPT, `http://localhost:${port}`]);
    // The rest of its output is stock tfjs recommending its Node package.
    const found = Float32Array.from(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
    const expected = await ownEmbeddings(trained, image);
    expect(largestDifference(unitLength(found, 1), unitLength(expected, 1))).toBeLessThan(2e-6);
    expect(Math.hypot(...expected)).toBeGreaterThan(1);
  },
);
