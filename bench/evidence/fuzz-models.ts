/*
 * Damages sample files of every model format, and a run's archive, and reads them:
 * npx tsx bench/evidence/fuzz-models.ts [FILES] [TARGET] (default 30000 of each; the archive, which is larger, gets a
 * sixtieth). TARGET is a part of the names of the targets: "to train on".
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRAFT } from '../../src/config/arm.ts';
import { inspectLayer } from '../../src/craft/inspection.ts';
import { similarFilters } from '../../src/craft/similar-filters.ts';
import { exportOnnx } from '../../src/exchange/export/onnx.ts';
import { exportSafetensors } from '../../src/exchange/export/safetensors.ts';
import { readFirstWeights } from '../../src/exchange/first-weights.ts';
import { readModel } from '../../src/exchange/import/read-model.ts';
import { ModelProblem } from '../../src/exchange/model-problem.ts';
import { readRunArchive, writeRunArchive } from '../../src/exchange/run-archive.ts';
import { SlimmableModel } from '../../src/exchange/slim/slim-onnx.ts';
import { drawnModel } from '../../src/exchange/slim/testing/drawn-models.ts';
import { sampleHistory } from '../../src/exchange/testing/histories.ts';
import { MODEL_SAMPLES } from '../../src/exchange/testing/model-samples.ts';
import { smallConfig, trainedNetwork } from '../../src/exchange/testing/trained.ts';
import { FormatProblem } from '../../src/formats/problem.ts';
import { mutated, seeded } from '../../src/formats/testing/mutations.ts';

const files = Number(process.argv[2] ?? 30_000);
const config = smallConfig({ imageSize: 16 });
const run = writeRunArchive({
  config,
  step: 100,
  version: 'fuzz',
  engine: { backend: 'cpu', adapter: '' },
  history: sampleHistory(config, 100),
  arms: [{ ...CRAFT, state: trainedNetwork(config, 2).state }],
});

async function inspect(bytes: Uint8Array): Promise<void> {
  const { convolutions } = await readModel([{ name: 'file', bytes }]);
  for (const convolution of convolutions) {
    inspectLayer(convolution);
    similarFilters(convolution);
  }
}

/** Models of other programs. Those of Keras are read by a library in WebAssembly, which takes longer. */
const foreign = join(import.meta.dirname, '../../src/exchange/testing/foreign');
const others = readdirSync(foreign)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => {
    const count = /keras|h5/.test(name) ? Math.ceil(files / 60) : files;
    return [name, new Uint8Array(readFileSync(join(foreign, name))), count, inspect] as const;
  });

/** The smaller model of a damaged one is made from all of it that can still be read. */
function slim(bytes: Uint8Array): void {
  new SlimmableModel(bytes).slim('all');
}

/** A network of our own, as the first weights of a run. */
async function trainOn(bytes: Uint8Array): Promise<void> {
  await readFirstWeights([{ name: 'file', bytes }]);
}
const network = { ...trainedNetwork(config, 2), arm: 'craft' };

const targets: readonly (readonly [string, Uint8Array, number, (bytes: Uint8Array) => unknown])[] = [
  ...Object.entries(MODEL_SAMPLES).map(([name, bytes]) => [name, bytes, files, inspect] as const),
  ['onnx, slimmed', drawnModel(3, 9), files, slim],
  ...others,
  ['our own ONNX, to train on', exportOnnx(network, { batchNorm: 'kept', version: 'fuzz' }), files, trainOn],
  ['our own safetensors, to train on', exportSafetensors(network), files, trainOn],
  ['run archive, to train on', run, Math.ceil(files / 60), trainOn],
  ['run archive', run, Math.ceil(files / 60), readRunArchive],
];
const [, , , wanted = ''] = process.argv;
for (const [name, bytes, count, read] of targets.filter(([target]) => target.includes(wanted))) {
  const below = seeded(77);
  let refused = 0;
  let slowest = 0;
  for (let i = 0; i < count; i++) {
    const damaged = mutated(bytes, below);
    const started = performance.now();
    try {
      await read(damaged);
    } catch (error) {
      if (!(error instanceof ModelProblem || error instanceof FormatProblem)) {
        throw new Error(`${name}, file ${i}: ${Buffer.from(damaged).toString('base64')}`, { cause: error });
      }
      refused++;
    }
    slowest = Math.max(slowest, performance.now() - started);
  }
  const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
  console.log(`${name}: ${count} files, ${refused} refused, slowest ${slowest.toFixed(0)} ms, process ${memory} MB`);
}
