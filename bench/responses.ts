/*
 * The cost of the live responses beside a training step, on WebAssembly in Node:
 *   npx tsx bench/responses.ts [--steps N]
 * The page computes the maps of both arms each time that it gets a kernel, every `kernelEvery` steps, on a thread of
 * its own; here they run between the steps, so that the share is the most that they can take.
 */
import { parseArgs } from 'node:util';
import { median } from '../src/config/average.ts';
import { presetOf } from '../src/config/presets.ts';
import { DEFAULT_CONFIG, type RunConfig } from '../src/config/run-config.ts';
import { type ResponseMaps, respond, seenFace } from '../src/craft/response.ts';
import { faceAt } from '../src/faces/face-set.ts';
import { population, populationOf } from '../src/faces/synthetic/population.ts';
import { openEngine } from '../src/network/backend.ts';
import { responseBytes } from '../src/record/response-image.ts';
import { Session } from '../src/training/session.ts';

const { values } = parseArgs({ options: { steps: { type: 'string', default: '60' } } });
const engine = await openEngine({ preference: 'wasm' });

for (const id of ['small', 'quick'] as const) {
  const config: RunConfig = {
    ...DEFAULT_CONFIG,
    ...presetOf(id).settings,
    steps: Number(values.steps),
    identities: 16,
    imagesPerIdentity: 8,
    verifyEvery: 0,
  };
  const faces = await population(populationOf(config));
  const face = seenFace(faceAt(faces, 0), config.imageSize);
  const session = new Session({ runId: id, config, faces, engine });
  const stepMs: number[] = [];
  const readingMs: number[] = [];
  for await (const event of session.run()) {
    if (event.type === 'progress' && event.stepMs > 0) stepMs.push(event.stepMs);
    if (event.type !== 'filters' || event.kernel === undefined || event.channels === undefined) continue;
    const filters = event.channels.length / 3;
    const k = Math.round(Math.sqrt(event.kernel.length / 3 / filters));
    const start = performance.now();
    draw(respond(face, { kernel: event.kernel, shape: [k, k, 3, filters], channels: event.channels }), filters);
    readingMs.push(performance.now() - start);
  }
  session.dispose();
  const step = median(stepMs);
  const reading = 2 * median(readingMs);
  const share = (100 * reading) / (config.kernelEvery * step);
  console.log(
    `${id}: a step of both arms ${step.toFixed(1)} ms; responses of both arms ${reading.toFixed(2)} ms every ${config.kernelEvery} steps: ${share.toFixed(2)} % of the training`,
  );
}

/** The bytes of every tile, as the page makes them. */
function draw(maps: ResponseMaps, filters: number): void {
  for (let filter = 0; filter < filters; filter++) responseBytes(maps, filter);
}
