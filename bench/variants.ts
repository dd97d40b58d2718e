/*
 * How long each kernel that comes in variants takes in either, on the adapter Dawn finds, in interleaved rounds; then
 * the choice within the page's budget, and its time (the page measures no driver that runs on the processor):
 *
 *   npx tsx bench/variants.ts [--rounds=3]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { backend } from '@tensorflow/tfjs-core';
import { median } from '../src/config/average.ts';
import { installWebGpu } from '../src/kernels/node/webgpu-in-node.ts';
import { shortMemory, VARIANTS_OF, VARIED_KERNELS } from '../src/kernels/variants.ts';
import { usualVariants } from '../src/kernels/webgpu/adapter-variants.ts';
import { timeVariant } from '../src/kernels/webgpu/time-variants.ts';
import { openEngine } from '../src/network/backend.ts';
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
      for (const variant of VARIANTS_OF[kernel]) {
        const name = `${kernel} ${variant}`;
        const ms = await timeVariant(running, kernel, variant);
        readings.set(name, [...(readings.get(name) ?? []), ms ?? Number.NaN]);
      }
    }
  }
  console.log(`${info.adapter}, one-minute load ${(loadavg()[0] ?? 0).toFixed(1)}`);
  const ms = (kernel: string, variant: string) => median(readings.get(`${kernel} ${variant}`) ?? []);
  console.log(
    markdownTable(
      ['kernel', 'few, ms', 'many, ms', 'shared, ms', 'many / few', 'shared / many', 'usual here', 'chosen'],
      VARIED_KERNELS.map((kernel) => {
        const [few, many, shared] = [ms(kernel, 'few'), ms(kernel, 'many'), ms(kernel, 'shared')];
        const has = readings.has(`${kernel} shared`);
        return [
          kernel,
          few.toFixed(2),
          many.toFixed(2),
          has ? shared.toFixed(2) : '',
          (many / few).toFixed(2),
          has ? (shared / many).toFixed(2) : '',
          usualVariants(running)[kernel],
          chosen[kernel],
        ];
      }),
    ),
  );
  console.log(`Chosen in ${Math.round(choosingMs)} ms.`);
}

await main();
process.exit(0);
