import { assertNever } from '../config/assert-never.ts';
import { type Problem, ProblemError } from '../config/problem.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { StepTime } from '../config/step-cost.ts';
import { ImportError } from '../faces/import/import-error.ts';
import { architectureOf, firstKernelShape } from '../network/architecture.ts';
import { openEngine } from '../network/backend.ts';
import { initialFirstLayer } from '../network/first-layer.ts';
import { describeFailure } from '../training/failure.ts';
import type { ArmThread } from '../training/threads/arm-thread.ts';
import type { ArmAnswer, ArmCommand } from '../training/threads/protocol.ts';
import { AdapterMemory } from './adapter-memory.ts';
import { ArmPool } from './arm-pool.ts';
import type { EngineRole } from './engine.worker.ts';
import { FaceCache } from './face-cache.ts';
import { FaceLibrary } from './face-library.ts';
import { STARTS_WORKERS } from './nested-workers.ts';
import type { Command, ImportFailure, Message, Ping, Pong } from './protocol.ts';
import { RunHost } from './run-host.ts';
import { PAGE_STEP_THREADS } from './step-threads.ts';
import { transferables } from './transferables.ts';
import { WASM_FILES } from './wasm-files.ts';

type ImportCommand = Extract<Command, { type: 'import-faces' }>;

// A built worker is named after its contents, so that faces of an older painter are never taken for today's.
const cache = import.meta.env.PROD ? new FaceCache({ version: self.location.pathname }) : undefined;
const faces = new FaceLibrary(cache);
/** Of a study several runs train side by side. */
const cores = self.name === ('study' satisfies EngineRole) ? 1 : navigator.hardwareConcurrency;
const host = new RunHost(
  faces,
  post,
  (preference, variants) =>
    openEngine({
      preference,
      wasmFiles: WASM_FILES,
      variants,
      stepThreads: cores > 1 ? PAGE_STEP_THREADS : undefined,
    }),
  {
    times: new AdapterMemory<StepTime>(self.location.pathname),
    ...(STARTS_WORKERS ? { pool: new ArmPool(cores, startThread) } : {}),
  },
);
const imports = new Map<string, AbortController>();

/** Carries out the page's commands to the worker that trains. */
export function receive(command: Command | Ping): void {
  if (command.type === 'ping') void host.heard().then(() => self.postMessage({ type: 'pong' } satisfies Pong));
  else void handle(command);
}

function post(message: Message): void {
  self.postMessage(message, { transfer: transferables(message) });
}

/** By its own address, which names the script of all workers with an engine: a build does not know it before. */
function startThread(thread: () => ArmThread): (command: ArmCommand) => void {
  const worker = new Worker(self.location.href, { type: 'module', name: 'arm' satisfies EngineRole });
  worker.onmessage = ({ data }: MessageEvent<ArmAnswer>) => thread().receive(data);
  worker.onerror = (event) => {
    event.preventDefault();
    thread().lost(event.message || 'it could not be loaded');
  };
  return (command) => worker.postMessage(command);
}

async function handle(command: Command): Promise<void> {
  switch (command.type) {
    case 'probe':
      return host.probe(command.backend, command.arms);
    case 'preview':
      preview(command.config);
      return faces.prepare(command.config);
    case 'time-steps':
      return host.timeSteps(command.configs, command.threads);
    case 'start':
      return host.start(command);
    case 'pause':
      return host.pause();
    case 'resume':
      return host.resume();
    case 'step':
      return host.step();
    case 'stop':
      return host.stop();
    case 'live-settings':
      return host.applyLiveSettings(command.config);
    case 'import-faces':
      return importFaces(command);
    case 'cancel-import':
      return imports.get(command.requestId)?.abort();
    case 'use-faces':
      return faces.adopt(command.config, command.faces, command.own);
    case 'forget-faces':
      return faces.forget();
    case 'describe-faces':
      return describeFaces(command);
    case 'pack-study':
      return packStudy(command);
    case 'request-checkpoint':
      return host.answerWithCheckpoint(command.requestId);
    default:
      assertNever(command);
  }
}

/** The first filters a run would start from. How many people there are does not change them. */
function preview(config: RunConfig): void {
  const architecture = architectureOf(config, 2);
  post({
    type: 'preview',
    ...initialFirstLayer(architecture, config.seed),
    kernelShape: firstKernelShape(architecture),
  });
}

async function importFaces({ requestId, name, files, config }: ImportCommand): Promise<void> {
  const controller = new AbortController();
  imports.set(requestId, controller);
  const progress = (done: number, total: number) => post({ type: 'import-progress', requestId, done, total });
  try {
    const summary = await faces.import({ name, files, config, signal: controller.signal, progress });
    post({ type: 'import-done', requestId, summary });
  } catch (error) {
    if (controller.signal.aborted) post({ type: 'import-cancelled', requestId });
    else post({ type: 'import-failed', requestId, failure: importFailure(name, error) });
  } finally {
    imports.delete(requestId);
  }
}

async function describeFaces({ requestId, config }: Extract<Command, { type: 'describe-faces' }>): Promise<void> {
  try {
    post({ type: 'faces-described', requestId, faces: await faces.describe(config) });
  } catch (error) {
    post({ type: 'study-failed', requestId, failure: studyFailure(error) });
  }
}

async function packStudy(command: Extract<Command, { type: 'pack-study' }>): Promise<void> {
  const { requestId } = command;
  try {
    // Loaded with the first bundle: a page that trains needs none of it.
    const packer = await import('./study-packer.ts');
    post({ type: 'study-packed', requestId, ...(await packer.packStudy(command, faces)) });
  } catch (error) {
    post({ type: 'study-failed', requestId, failure: studyFailure(error) });
  }
}

function studyFailure(error: unknown): Problem {
  if (error instanceof ProblemError) return { code: error.code, message: error.message, hint: error.hint };
  return describeFailure(error);
}

function importFailure(name: string, error: unknown): ImportFailure {
  if (error instanceof ImportError) return { code: error.code, message: error.message, hint: error.hint };
  const technical = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `${name} could not be read: ${technical}`,
    hint: 'The faces that were in use stay in use. Try a folder with one sub-folder per person.',
  };
}
