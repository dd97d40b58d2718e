/*
 * A training step on tfjs's wasm backend with our kernels, with the same network out of stock operations, and in
 * PyTorch on one thread, in interleaved rounds; then our step by kernel.
 *
 *   npx tsx bench/kernels-wasm.ts [plain|iresnet10] [rounds] [--no-peers]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  backend,
  getKernel,
  registerKernel,
  type Tensor1D,
  tensor1d,
  tensor4d,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { median } from '../src/config/average.ts';
import { KERNEL_NAMES } from '../src/kernels/kernel-names.ts';
import { registerKernels } from '../src/kernels/register.ts';
import { architectureOf } from '../src/network/architecture.ts';
import { openEngine } from '../src/network/backend.ts';
import { FaceNetwork } from '../src/network/face-network.ts';
import { pytorch } from '../src/network/testing/pytorch.ts';

const BATCH = 32;
const CLASSES = 200;
const SETTINGS = {
  plain: { imageSize: 32, kernelSize: '3', filters: 32, body: 'plain', width: 32, embeddingSize: 64 },
  iresnet10: { imageSize: 32, kernelSize: '3', filters: 64, body: 'iresnet10', width: 64, embeddingSize: 512 },
} as const;

const RECIPE = {
  head: { kind: 'cosface', scale: 32, margin: 0.3, gradient: 'insightface' },
  momentum: 0.9,
  weightDecay: 5e-3,
  decayBatchNorm: true,
  clipNorm: 0,
} as const;

/** The time of a step: by the clock, and of the processor, which is steadier on a machine that others use too. */
interface Cost {
  readonly ms: number;
  readonly processorMs: number;
}

type Step = () => Promise<Cost>;

async function main(): Promise<void> {
  const [first = 'plain', second = '15'] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
  const name = first === 'iresnet10' ? 'iresnet10' : 'plain';
  const rounds = Number(second);
  const settings = SETTINGS[name];
  await openEngine({ preference: 'wasm' });
  const architecture = architectureOf(settings, CLASSES);
  const size = BATCH * settings.imageSize ** 2 * 3;
  const images = tensor4d(
    Float32Array.from({ length: size }, (_, index) => Math.sin(index * 0.37)),
    [BATCH, settings.imageSize, settings.imageSize, 3],
  );
  const labels = tensor1d(
    Int32Array.from({ length: BATCH }, (_, index) => index),
    'int32',
  ) as Tensor1D;
  const [ours, stock] = [FaceNetwork.create(architecture, RECIPE, 1), FaceNetwork.create(architecture, RECIPE, 1)];
  const stepOf = (network: FaceNetwork) => async () => {
    const [started, before] = [performance.now(), process.cpuUsage()];
    network.trainStep({ images, labels }, 0.05);
    const telemetry = network.telemetry();
    await telemetry.data();
    telemetry.dispose();
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - started, processorMs: (user + system) / 1000 };
  };

  const peers = !process.argv.includes('--no-peers');
  const { filters, width, embeddingSize } = settings;
  const torch = peers ? startPyTorch([name, filters, width, embeddingSize, CLASSES, BATCH]) : undefined;
  const engines: [string, () => Promise<void>, Step][] = [['ours', () => registerKernels('wasm'), stepOf(ours)]];
  if (torch !== undefined) {
    engines.push(['stock operations', () => registerKernels('wasm', false), stepOf(stock)]);
    engines.push(['PyTorch, 1 thread', async () => {}, torch.step]);
  }

  const costs = new Map<string, Cost[]>();
  for (let round = -3; round < rounds; round++) {
    for (const [engine, prepare, step] of engines) {
      await prepare();
      const cost = await step();
      if (round >= 0) costs.set(engine, [...(costs.get(engine) ?? []), cost]);
    }
  }
  torch?.process.kill();
  for (const [engine, samples] of costs) {
    const clock = spread(samples.map(({ ms }) => ms));
    const processor = spread(samples.map(({ processorMs }) => processorMs));
    console.log(`${engine.padEnd(18)} clock ${clock}; processor ${processor}; ${samples.length} steps`);
  }
  await profile(stepOf(ours), rounds);
}

function spread(samples: readonly number[]): string {
  const [least, middle, most] = [Math.min(...samples), median(samples), Math.max(...samples)].map((ms) =>
    ms.toFixed(1),
  );
  return `median ${middle} ms (${least} to ${most})`;
}

/** Where our step goes: processor time within each kernel, per step. */
async function profile(step: Step, rounds: number): Promise<void> {
  await registerKernels('wasm');
  const spent = new Map<string, { ms: number; calls: number }>();
  for (const kernelName of KERNEL_NAMES) {
    const kernel = getKernel(kernelName, 'wasm');
    unregisterKernel(kernelName, 'wasm');
    registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const before = process.cpuUsage();
        const output = kernel.kernelFunc(call);
        const { user } = process.cpuUsage(before);
        const shapes = Object.entries(call.inputs)
          .slice(0, 2)
          .map(([input, tensor]) => `${input} [${tensor?.shape}]`);
        const key = /Conv2D|BatchNorm/.test(kernelName) ? `${kernelName} ${shapes.join(' ')}` : kernelName;
        const entry = spent.get(key) ?? { ms: 0, calls: 0 };
        spent.set(key, { ms: entry.ms + user / 1000, calls: entry.calls + 1 });
        return output;
      },
    });
  }
  const before = backend().numDataIds();
  let total = 0;
  for (let round = 0; round < rounds; round++) total += (await step()).processorMs;
  console.log(
    `\nby kernel, processor ms a step; ${(total / rounds).toFixed(1)} in all, ${backend().numDataIds() - before} tensors left over`,
  );
  for (const [key, { ms, calls }] of [...spent].sort((a, b) => b[1].ms - a[1].ms)) {
    console.log(`${(ms / rounds).toFixed(2).padStart(8)}  ${calls / rounds} x ${key}`);
  }
}

function startPyTorch(settings: readonly (string | number)[]): { process: ChildProcess; step: Step } {
  const script = fileURLToPath(new URL('kernels-wasm.py', import.meta.url));
  const child = spawn(pytorch.command ?? 'python3', [script, ...settings.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    step: async () => {
      child.stdin.write('step\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('PyTorch stopped.');
      const [ms = 0, processorMs = 0] = String(value).split(' ').map(Number);
      return { ms, processorMs };
    },
  };
}

await main();
process.exit(0);
