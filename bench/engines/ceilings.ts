import { describeAdapter } from '../../src/network/adapter.ts';
import { BARE_LOOP_FLOPS, openBareLoop } from './bare-loop.ts';
import { openTfjs } from './open-tfjs.ts';
import type { EnginePlace } from './training-engine.ts';

/** The limits of an adapter: multiply-adds, and bytes read plus bytes written by a copy. */
export interface CeilingReading {
  readonly gflops: number;
  readonly copyGBs: number;
}

export interface CeilingMeter {
  readonly adapter: string;
  /** The measurement, in words. */
  readonly how: string;
  measure(): Promise<CeilingReading>;
}

/** A reading lasts at least this long. */
const LEAST_MS = 100;

/** Opens the meter of a backend. Throws where it has none. */
export function openCeiling(place: EnginePlace): Promise<CeilingMeter> {
  if (place.backend === 'webgpu') return openWebGpu();
  if (place.backend === 'wasm') return openWasm(place);
  throw new Error(`There is no ceiling for ${place.backend}.`);
}

/** Turns of the bare loop at a time. */
const TURNS = 1_000_000;

/** Multiplications and additions in registers, and a copy between two arrays, both on one thread. */
async function openWasm(place: EnginePlace): Promise<CeilingMeter> {
  const adapter = await openTfjs(place);
  const loop = await openBareLoop();
  const [source, target] = [new Uint8Array(1 << 26).fill(1), new Uint8Array(1 << 26)];
  const repeated = (once: () => void) =>
    perSecond(async (count) => {
      for (let index = 0; index < count; index++) once();
    });
  return {
    adapter,
    how: 'a bare loop of multiply-adds in a tile of 4 × 8, 1 thread; copy of 64 MiB between typed arrays',
    measure: async () => ({
      gflops: (BARE_LOOP_FLOPS * TURNS * (await repeated(() => loop(TURNS)))) / 1e9,
      copyGBs: (2 * source.length * (await repeated(() => target.set(source)))) / 1e9,
    }),
  };
}

async function openWebGpu(): Promise<CeilingMeter> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('There is no WebGPU adapter.');
  const { name, software } = describeAdapter(adapter);
  const device = await adapter.requestDevice();
  const fma = fmaProgram(device, software ? 64 : 16_384);
  const copy = copyProgram(device, software ? 1 << 26 : 1 << 27);
  return {
    adapter: name,
    how: `fma() on 8 vec4 in registers, 64 invocations x ${fma.groups} groups; copy of ${copy.bytes / 2 ** 20} MiB by a kernel`,
    measure: async () => ({
      gflops: (fma.flopsPerRound * (await perSecond(fma.run))) / 1e9,
      copyGBs: (2 * copy.bytes * (await perSecond(copy.run))) / 1e9,
    }),
  };
}

/** How often a second: doubles the count until it takes long enough. The first call only warms up. */
async function perSecond(run: (count: number) => Promise<void>): Promise<number> {
  await run(1);
  for (let count = 1; ; count *= 2) {
    const start = performance.now();
    await run(count);
    const ms = performance.now() - start;
    if (ms >= LEAST_MS) return (1000 * count) / ms;
  }
}

const FMA = /* wgsl */ `
struct Rounds { count : u32, a : f32, b : f32 }
@group(0) @binding(0) var<uniform> rounds : Rounds;
@group(0) @binding(1) var<storage, read_write> result : array<vec4f>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u) {
  let a = vec4f(rounds.a);
  let b = vec4f(rounds.b);
  ${Array.from({ length: 8 }, (_, i) => `var x${i} = vec4f(f32(id.x + ${i}u));`).join('\n  ')}
  for (var round = 0u; round < rounds.count * 64u; round++) {
    ${Array.from({ length: 8 }, (_, i) => `x${i} = fma(x${i}, a, b);`).join('\n    ')}
  }
  result[id.x] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
}`;

function fmaProgram(device: GPUDevice, groups: number) {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: FMA }) },
  });
  const uniforms = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const result = device.createBuffer({ size: groups * 64 * 16, usage: GPUBufferUsage.STORAGE });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: uniforms } },
      { binding: 1, resource: { buffer: result } },
    ],
  });
  return {
    groups,
    // 64 turns of 8 vectors of 4, a multiplication and an addition each.
    flopsPerRound: groups * 64 * 64 * 8 * 4 * 2,
    run: async (count: number) => {
      const values = new DataView(new ArrayBuffer(16));
      values.setUint32(0, count, true);
      values.setFloat32(4, 0.999, true);
      values.setFloat32(8, 0.001, true);
      device.queue.writeBuffer(uniforms, 0, values.buffer);
      await submit(device, pipeline, bindings, groups, 1);
    },
  };
}

const COPY = /* wgsl */ `
@group(0) @binding(0) var<storage, read> source : array<vec4f>;
@group(0) @binding(1) var<storage, read_write> target_ : array<vec4f>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id : vec3u, @builtin(num_workgroups) groups : vec3u) {
  let stride = groups.x * 64u;
  for (var index = id.x; index < arrayLength(&source); index += stride) { target_[index] = source[index]; }
}`;

function copyProgram(device: GPUDevice, bytes: number) {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: COPY }) },
  });
  const [source, target] = [0, 1].map(() => device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE }));
  if (!(source && target)) throw new Error('Two buffers are needed.');
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [source, target].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return {
    bytes,
    run: (count: number) => submit(device, pipeline, bindings, Math.min(65_535, bytes / 16 / 64), count),
  };
}

async function submit(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  bindings: GPUBindGroup,
  groups: number,
  count: number,
): Promise<void> {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  for (let index = 0; index < count; index++) pass.dispatchWorkgroups(groups);
  pass.end();
  device.queue.submit([encoder.finish()]);
  await device.queue.onSubmittedWorkDone();
}
