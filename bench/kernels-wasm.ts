/*
 * A training step on tfjs's wasm backend with our kernels, with the same network out of stock operations, and in
 * PyTorch on one thread, in interleaved rounds, with the share of a bare loop's rate; then our step by kernel, on one thread
 * and on several in turns.
 *
 *   npx tsx bench/kernels-wasm.ts [plain|iresnet10] [rounds] [--no-peers] [--threads N]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
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
import { NODE_STEP_THREADS } from '../src/kernels/node/step-threads.ts';
import { registerKernels } from '../src/kernels/register.ts';
import { architectureOf } from '../src/network/architecture.ts';
import { type Engine, openEngine } from '../src/network/backend.ts';
import { FaceNetwork } from '../src/network/face-network.ts';
import { pytorch } from '../src/network/testing/pytorch.ts';
import { BARE_LOOP_FLOPS, openBareLoop } from './engines/bare-loop.ts';
import { gflopOf } from './networks.ts';

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

/** Turns of the bare loop in a round: about two milliseconds. */
const LOOP_TURNS = 2_000_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'no-peers': { type: 'boolean', default: false }, threads: { type: 'string', default: '1' } },
  });
  const [first = 'plain', second = '15'] = positionals;
  const name = first === 'iresnet10' ? 'iresnet10' : 'plain';
  const rounds = Number(second);
  const settings = SETTINGS[name];
  const threads = Number(values.threads);
  const engine = await openEngine({ preference: 'wasm', ...(threads > 1 ? { stepThreads: NODE_STEP_THREADS } : {}) });
  // The other threads start now, and rest until the profile.
  engine.setThreads(threads);
  engine.setThreads(1);
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

  const peers = !values['no-peers'];
  const { filters, width, embeddingSize } = settings;
  const torch = peers ? startPyTorch([name, filters, width, embeddingSize, CLASSES, BATCH]) : undefined;
  const engines: [string, () => Promise<void>, Step][] = [['ours', () => registerKernels('wasm'), stepOf(ours)]];
  if (torch !== undefined) {
    engines.push(['stock operations', () => registerKernels('wasm', false), stepOf(stock)]);
    engines.push(['PyTorch, 1 thread', async () => {}, torch.step]);
  }

  const costs = new Map<string, Cost[]>();
  const rates: number[] = [];
  const loop = await openBareLoop();
  for (let round = -3; round < rounds; round++) {
    for (const [peer, prepare, step] of engines) {
      await prepare();
      const cost = await step();
      if (round >= 0) costs.set(peer, [...(costs.get(peer) ?? []), cost]);
    }
    const started = performance.now();
    loop(LOOP_TURNS);
    if (round >= 0) rates.push((BARE_LOOP_FLOPS * LOOP_TURNS) / 1e6 / (performance.now() - started));
  }
  torch?.process.kill();
  for (const [peer, samples] of costs) {
    const clock = spread(samples.map(({ ms }) => ms));
    const processor = spread(samples.map(({ processorMs }) => processorMs));
    console.log(`${peer.padEnd(18)} clock ${clock}; processor ${processor}; ${samples.length} steps`);
  }
  const [bare, gflop] = [median(rates), gflopOf(architecture, BATCH)];
  const rate = (1000 * gflop) / median((costs.get('ours') ?? []).map(({ ms }) => ms));
  console.log(
    `ours, 1 thread: ${rate.toFixed(1)} GFLOP/s, ${((100 * rate) / bare).toFixed(1)} % of the bare loop's ${bare.toFixed(1)} (medians in turns)`,
  );
  await profile(stepOf(ours), rounds, engine, threads);
}

function spread(samples: readonly number[]): string {
  const [least, middle, most] = [Math.min(...samples), median(samples), Math.max(...samples)].map((ms) =>
    ms.toFixed(1),
  );
  return `median ${middle} ms (${least} to ${most})`;
}

/** Where our step goes, by the clock around each kernel: on one thread and on several in turns. */
async function profile(step: Step, rounds: number, engine: Engine, threads: number): Promise<void> {
  await registerKernels('wasm');
  const teams = threads > 1 ? [1, threads] : [1];
  /** By kernel and shapes, the milliseconds on each team, and the calls of all. */
  const spent = new Map<string, { readonly ms: number[]; calls: number }>();
  let team = 0;
  for (const kernelName of KERNEL_NAMES) {
    const kernel = getKernel(kernelName, 'wasm');
    unregisterKernel(kernelName, 'wasm');
    registerKernel({
      ...kernel,
      kernelFunc: (call) => {
        const started = performance.now();
        const output = kernel.kernelFunc(call);
        const ms = performance.now() - started;
        const shapes = Object.entries(call.inputs)
          .slice(0, 2)
          .map(([input, tensor]) => `${input} [${tensor?.shape}]`);
        const key = /Conv2D|BatchNorm|Dense/.test(kernelName) ? `${kernelName} ${shapes.join(' ')}` : kernelName;
        const entry = spent.get(key) ?? { ms: teams.map(() => 0), calls: 0 };
        entry.ms[team] = (entry.ms[team] ?? 0) + ms;
        spent.set(key, { ms: entry.ms, calls: entry.calls + 1 });
        return output;
      },
    });
  }
  const before = backend().numDataIds();
  const total = teams.map(() => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [index, size] of teams.entries()) {
      engine.setThreads(size);
      team = index;
      total[index] = (total[index] ?? 0) + (await step()).ms;
    }
  }
  const outside = total.map((ms, index) => [...spent.values()].reduce((rest, one) => rest - (one.ms[index] ?? 0), ms));
  console.log(
    `\nby kernel, ms a step on ${teams.join(' and ')} threads; ${backend().numDataIds() - before} tensors left over`,
  );
  const line = (ms: readonly number[], label: string) => {
    const means = ms.map((sum) => (sum / rounds).toFixed(2).padStart(8)).join('');
    const ratio = ms.length > 1 ? ((ms[1] ?? 0) / (ms[0] ?? 0)).toFixed(2).padStart(8) : '';
    console.log(`${means}${ratio}  ${label}`);
  };
  line(total, 'in all');
  line(outside, 'outside our kernels');
  for (const [key, { ms, calls }] of [...spent].sort(([, a], [, b]) => (b.ms[0] ?? 0) - (a.ms[0] ?? 0))) {
    line(ms, `${calls / rounds / teams.length} × ${key}`);
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
