import { backend, enableProdMode, env, memory, ready, setBackend } from '@tensorflow/tfjs-core';
import { ProblemError } from '../config/problem.ts';
import { type BackendName, registerKernels, settleVariants } from '../kernels/register.ts';
import { type StepThreads, stepTeam } from '../kernels/threads.ts';
import { canShareMemory, SIMD_MODULE, startOnSharedHeap } from '../kernels/wasm/shared-heap.ts';
import { type AdapterProblem, isSoftwareRenderer, probeAdapter } from './adapter.ts';

/** The engine of the network, as shown to the user. */
export interface EngineInfo {
  readonly backend: 'webgpu' | 'wasm' | 'webgl' | 'cpu';
  /** Name of the adapter or of the instruction set: "NVIDIA H200", "SwiftShader (software)", "SIMD". */
  readonly adapter: string;
  /** True where WebGPU is emulated on the processor. */
  readonly software: boolean;
  /** How many threads train the arms of a run or, before one, may do so; missing in older runs. Changes no number. */
  readonly threads?: number;
  /** Before a run: whether several threads can share a training step. */
  readonly sharesSteps?: boolean;
  /**
   * How the kernels share out their work, by kernel, where there are several ways; part of the state that makes a run
   * repeat. Of a saved run they may be those of another version: the kernels take the entries they know (savedVariants).
   */
  readonly variants?: Readonly<Record<string, string>>;
}

/** tfjs made ready; there is one at a time in a worker or process. */
export interface Engine {
  readonly info: EngineInfo;
  /**
   * Resolves with the reason when the device is lost or reports an error nobody waits for (memory, a faulty kernel):
   * its later results are not to be trusted, and only a new worker helps. Otherwise it never resolves.
   */
  readonly failed: Promise<string>;
  /** Memory the tensors take on the device, pools included, in bytes. */
  bytes(): number;
  /** Whether several threads can share a training step. */
  readonly sharesSteps: boolean;
  /** Has so many threads share every kernel from now on, this one included; without effect where they cannot. Changes no number. */
  setThreads(count: number): void;
}

export interface EngineOptions {
  /** `auto`: WebGPU on hardware, else WebAssembly, else WebGL on hardware, else plain JavaScript. */
  readonly preference: BackendName | 'auto';
  /** The URL of each tfjs-backend-wasm*.wasm file, by its name. Not needed in Node. */
  readonly wasmFiles?: Readonly<Record<string, string>>;
  /** Lets threads share training steps on WebAssembly, where the page is isolated; see `Engine.setThreads`. */
  readonly stepThreads?: StepThreads | undefined;
  /** The kernels' variants of a run that resumes; without them they follow the kind of adapter. */
  readonly variants?: EngineInfo['variants'] | undefined;
}

export type EngineErrorCode = AdapterProblem | 'start-failed';

const HINTS: Readonly<Record<EngineErrorCode, string>> = {
  'no-api': 'Use a current Chrome, Edge, Firefox or Safari over https or on localhost, or choose WebAssembly.',
  'no-adapter': 'Switch on hardware acceleration in the browser and update the graphics driver, or choose WebAssembly.',
  'request-failed': 'Restart the browser, or choose WebAssembly as the engine.',
  'start-failed': 'Choose another engine in the settings; Automatic takes one that works.',
};

/** No engine could be opened, or not the one that was asked for. */
export class EngineError extends ProblemError<EngineErrorCode> {
  override readonly name = 'EngineError';

  constructor(code: EngineErrorCode, message: string) {
    super(code, message, HINTS[code]);
  }
}

/**
 * Opens the engine asked for, or the best there is, and registers the kernels on it. May be called again to change.
 * In Node, WebGPU needs `navigator.gpu` put in place first (npm package `webgpu`).
 * @throws EngineError when the engine asked for is not there.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  // Production mode leaves out tfjs's advice on the console and some of its checks.
  enableProdMode();
  if (options.preference !== 'auto') return openers[options.preference](options);
  for (const name of ['webgpu', 'wasm', 'webgl'] as const) {
    try {
      const engine = await openers[name](options, true);
      if (!engine.info.software) return engine;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
    }
  }
  return openers.cpu(options);
}

/** The names of tfjs's modules, where it is handed the one it asks for and fetches none. */
const NO_FILES = Object.fromEntries(
  ['tfjs-backend-wasm.wasm', SIMD_MODULE, 'tfjs-backend-wasm-threaded-simd.wasm'].map((name) => [name, name]),
);

type Opener = (options: EngineOptions, hardwareOnly?: boolean) => Promise<Engine>;

const openers: Readonly<Record<BackendName, Opener>> = {
  webgpu: openWebGpu,
  wasm: openWasm,
  webgl: openWebGl,
  cpu: openCpu,
};

async function openWebGpu({ variants: saved }: EngineOptions, hardwareOnly = false): Promise<Engine> {
  const probe = await probeAdapter();
  if (!probe.ok) throw new EngineError(probe.problem, `WebGPU is not available here (${probe.technical}).`);
  if (hardwareOnly && probe.software) throw new EngineError('no-adapter', `WebGPU only has ${probe.name} here.`);
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  // Else tfjs computes small tensors that happen to be in memory on the processor, with other roundings: a run that
  // resumes from a checkpoint would not repeat the one that was saved.
  env().set('WEBGPU_CPU_FORWARD', false);
  await start('webgpu');
  const running = backend();
  if (!(running instanceof WebGPUBackend)) throw new EngineError('start-failed', 'tfjs did not switch to WebGPU.');
  const failed = failureOf(running.device);
  const variants = await settleVariants('webgpu', saved);
  const info = { backend: 'webgpu', adapter: probe.name, software: probe.software } as const;
  return engineOf({ ...info, ...(variants === undefined ? {} : { variants }) }, failed);
}

async function openWasm({ wasmFiles, stepThreads }: EngineOptions): Promise<Engine> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Those of tfjs do nothing for kernels this small, and want workers from a blob.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  const simd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  if (stepThreads !== undefined && simd && canShareMemory()) {
    setWasmPaths(wasmFiles === undefined ? NO_FILES : { ...wasmFiles }, true);
    await startOnSharedHeap(await stepThreads.readModule(), () => start('wasm'));
  } else {
    if (wasmFiles !== undefined) setWasmPaths({ ...wasmFiles });
    await start('wasm');
  }
  const engine = engineOf({ backend: 'wasm', adapter: simd ? 'SIMD' : 'without SIMD', software: false });
  const team = await stepTeam();
  if (team === undefined || stepThreads === undefined) return engine;
  return { ...engine, sharesSteps: true, setThreads: (count) => team.resize(count, stepThreads.start) };
}

async function openWebGl(_: EngineOptions, hardwareOnly = false): Promise<Engine> {
  const { MathBackendWebGL } = await import('@tensorflow/tfjs-backend-webgl');
  await start('webgl');
  const running = backend();
  if (!(running instanceof MathBackendWebGL)) throw new EngineError('start-failed', 'tfjs did not switch to WebGL.');
  const { gl } = running.getGPGPUContext();
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER;
  const adapter = String(gl.getParameter(unmasked));
  if (hardwareOnly && !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
    throw new EngineError('start-failed', `${adapter} does not compute in 32-bit floats in WebGL.`);
  }
  return engineOf({ backend: 'webgl', adapter, software: isSoftwareRenderer(adapter) });
}

async function openCpu(): Promise<Engine> {
  await import('@tensorflow/tfjs-backend-cpu');
  await start('cpu');
  return engineOf({ backend: 'cpu', adapter: 'JavaScript', software: false });
}

async function start(name: BackendName): Promise<void> {
  let started = false;
  let technical = '';
  try {
    started = await setBackend(name);
    await ready();
  } catch (error) {
    technical = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  if (!started) throw new EngineError('start-failed', `The engine ${name} did not start${technical}.`);
  await registerKernels(name);
}

/** tfjs listens to neither. */
function failureOf(device: GPUDevice): Promise<string> {
  return new Promise((resolve) => {
    device.lost.then(({ message, reason }) => resolve(`device lost: ${message || reason}`));
    device.addEventListener('uncapturederror', ({ error }) => {
      const memory = typeof GPUOutOfMemoryError !== 'undefined' && error instanceof GPUOutOfMemoryError;
      resolve(`${memory ? 'out of memory: ' : ''}${error.message}`);
    });
  });
}

function engineOf(info: EngineInfo, failed: Promise<string> = new Promise(() => {})): Engine {
  return { info, failed, bytes: bytesOnDevice, sharesSteps: false, setThreads: () => {} };
}

function bytesOnDevice(): number {
  const used: object & { numBytes: number } = memory();
  // The GPU backends also report the size of their pools, each under its own name.
  if ('numBytesAllocatedInGPU' in used) return Number(used.numBytesAllocatedInGPU);
  if ('numBytesInGPUAllocated' in used) return Number(used.numBytesInGPUAllocated);
  return used.numBytes;
}
