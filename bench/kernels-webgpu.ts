/*
 * A training step of the N32 network on tfjs's webgpu backend with our kernels, and with the same network out of stock
 * tfjs operations, in interleaved rounds; then our step by kernel (timestamp queries), and its memory.
 *
 *   npx tsx bench/kernels-webgpu.ts [--batch=32] [--rounds=5] [--memory=0] [--no-stock]
 *
 * Beside the clock it gives the processor time of this process, in which a software adapter runs too:
 * compare it on a machine that others use.
 */

import { parseArgs } from 'node:util';
import { backend, memory, type Tensor1D, tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { median } from '../src/config/average.ts';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { registerKernels } from '../src/kernels/register.ts';
import { architectureOf } from '../src/network/architecture.ts';
import { openEngine } from '../src/network/backend.ts';
import { FaceNetwork, type NetworkBatch } from '../src/network/face-network.ts';

const SETTINGS = {
  imageSize: 32,
  kernelSize: '3',
  filters: 32,
  body: 'plain',
  width: 32,
  embeddingSize: 64,
} as const;

const RECIPE = {
  head: { kind: 'cosface', scale: 32, margin: 0.3, gradient: 'insightface' },
  momentum: 0.9,
  weightDecay: 5e-3,
  decayBatchNorm: true,
  clipNorm: 0,
} as const;

const CLASSES = 200;

interface Arm {
  readonly own: boolean;
  readonly network: FaceNetwork;
  readonly ms: number[];
  readonly processorMs: number[];
  readonly losses: number[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      batch: { type: 'string', default: '32' },
      rounds: { type: 'string', default: '5' },
      memory: { type: 'string', default: '0' },
      'no-stock': { type: 'boolean', default: false },
    },
  });
  const missing = await installWebGpu();
  if (missing !== undefined) throw new Error(missing);
  const engine = await openEngine({ preference: 'webgpu' });
  engine.failed.then((reason) => console.error('The device failed:', reason));
  console.log(`${engine.info.adapter}, batch ${values.batch}`);

  const count = Number(values.batch);
  const size = count * SETTINGS.imageSize ** 2 * 3;
  const batch: NetworkBatch = {
    images: tensor4d(
      Float32Array.from({ length: size }, (_, index) => Math.sin(index * 0.37)),
      [count, SETTINGS.imageSize, SETTINGS.imageSize, 3],
    ),
    labels: tensor1d(
      Int32Array.from({ length: count }, (_, index) => index),
      'int32',
    ),
  };
  const arms = values['no-stock'] ? [armOf(true)] : [armOf(true), armOf(false)];
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const arm of arms) await step(arm, batch);
  }
  for (const { own, ms, processorMs, losses } of arms) {
    const [first = 0, ...later] = ms;
    console.log(
      `${own ? 'ours ' : 'stock'} median ${Math.round(median(later))} ms (${Math.round(Math.min(...later))} to ${Math.round(Math.max(...later))}), ` +
        `processor ${Math.round(median(processorMs.slice(1)))} ms, first ${Math.round(first)} ms, losses ${losses.slice(0, 3)}`,
    );
  }
  const [ours] = arms;
  if (ours === undefined) return;
  await profile(ours, batch);
  for (let index = 0; index < Number(values.memory); index++) {
    if (index % 20 === 0)
      console.log(`step ${index}: ${memory().numTensors} tensors, ${engine.bytes()} bytes on the device`);
    await step(ours, batch);
  }
}

function armOf(own: boolean): Arm {
  const network = FaceNetwork.create(architectureOf(SETTINGS, CLASSES), RECIPE, 1);
  return { own, network, ms: [], processorMs: [], losses: [] };
}

async function step({ own, network, ms, processorMs, losses }: Arm, batch: NetworkBatch): Promise<void> {
  await registerKernels('webgpu', own);
  const start = performance.now();
  const used = process.cpuUsage();
  network.trainStep(batch, 0.05);
  losses.push(await lossOf(network.telemetry()));
  const { user, system } = process.cpuUsage(used);
  ms.push(performance.now() - start);
  processorMs.push((user + system) / 1000);
}

async function lossOf(telemetry: Tensor1D): Promise<number> {
  const [loss = Number.NaN] = await telemetry.data<'float32'>();
  telemetry.dispose();
  return loss;
}

/** tfjs gives every dispatch a pass of its own and reads its two timestamps. */
async function profile({ network }: Arm, batch: NetworkBatch): Promise<void> {
  await registerKernels('webgpu', true);
  const timing = await backend().time(() => network.trainStep(batch, 0.05));
  const byName = new Map<string, { count: number; ms: number }>();
  for (const entry of timing.getExtraProfileInfo?.()?.split(', ') ?? []) {
    const [name = '', ms = '0'] = entry.split(': ');
    const before = byName.get(name) ?? { count: 0, ms: 0 };
    byName.set(name, { count: before.count + 1, ms: before.ms + Number(ms) });
  }
  const rows = [...byName].sort((a, b) => b[1].ms - a[1].ms);
  console.log(`${rows.reduce((sum, [, { count }]) => sum + count, 0)} dispatches`);
  for (const [name, { count, ms }] of rows.slice(0, 20))
    console.log(`  ${name.padEnd(26)} ${count} x, ${ms.toFixed(1)} ms`);
}

await main();
process.exit(0);
