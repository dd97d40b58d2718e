/*
 * How long each kernel that comes in variants takes in either, on the adapter Dawn finds, in interleaved rounds; then what
 * is chosen within the page's budget, and how long that takes (the page measures no driver that runs on the processor):
 *
 *   npx tsx bench/variants.ts [--rounds=3]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { backend } from '@tensorflow/tfjs-core';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { shortMemory, VARIANTS, VARIED_KERNELS } from '../src/kernels/variants.ts';
import { usualVariants } from '../src/kernels/webgpu/adapter-variants.ts';
import { timeVariant } from '../src/kernels/webgpu/time-variants.ts';
import { openEngine } from '../src/network/backend.ts';
import { median } from './results.ts';
import { markdownTable } from './table.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
  const missing = await installWebGpu();
  if (missing !== undefined) throw new Error(missing);
  const { info } = await openEngine({ preference: 'webgpu' });
  // Not at the top: tfjs registers its backend only where navigator.gpu is there already.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const running = backend();
  if (!(running instanceof WebGPUBackend)) throw new Error('WebGPU does not run.');

  const start = performance.now();
  const { tune } = await import('../src/kernels/webgpu/tune.ts');
  const chosen = await tune({ memory: shortMemory() }, true);
  const choosingMs = performance.now() - start;

  const readings = new Map<string, number[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const kernel of VARIED_KERNELS) {
      for (const variant of VARIANTS) {
        const name = `${kernel} ${variant}`;
        const ms = await timeVariant(running, kernel, variant);
        readings.set(name, [...(readings.get(name) ?? []), ms ?? Number.NaN]);
      }
    }
  }
  console.log(`${info.adapter}, one-minute load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  console.log(
    markdownTable(
      ['kernel', 'few, ms', 'many, ms', 'many / few', 'usual here', 'chosen'],
      VARIED_KERNELS.map((kernel) => {
        const [few, many] = VARIANTS.map((variant) => median(readings.get(`${kernel} ${variant}`) ?? []));
        const share = (many ?? 0) / (few ?? 0);
        const usual = usualVariants(running)[kernel];
        return [kernel, few?.toFixed(2) ?? '', many?.toFixed(2) ?? '', share.toFixed(2), usual, chosen[kernel]];
      }),
    ),
  );
  console.log(`Chosen in ${Math.round(choosingMs)} ms.`);
}

await main();
process.exit(0);
