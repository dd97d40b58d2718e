import type { StepThreads } from '../../src/kernels/threads.ts';
import { type CeilingMeter, openCeiling } from '../engines/ceilings.ts';
import type { OpenEngine, ScriptEngine, TrainingEngine } from '../engines/training-engine.ts';
import type { LoadedWorkload } from '../engines/workload.ts';
import type { Answer, Request } from './messages.ts';

const OPENERS: Readonly<Record<ScriptEngine, () => Promise<OpenEngine>>> = {
  ours: async () => (await import('../engines/ours.ts')).openOurs,
  tfjs: async () => (await import('../engines/stock-tfjs.ts')).openStock,
  'jax-js': async () => (await import('../engines/jax-js.ts')).openJaxJs,
};

export interface HostOptions {
  readonly load: (workload: string) => Promise<LoadedWorkload>;
  readonly wasmFiles?: Readonly<Record<string, string>>;
  readonly stepThreads?: StepThreads | undefined;
}

/** Answers requests in a worker of the page or in a process of Node; one engine for its whole life. */
export function engineHost({ load, wasmFiles, stepThreads }: HostOptions): (request: Request) => Promise<Answer> {
  let engine: TrainingEngine | undefined;
  let meter: CeilingMeter | undefined;

  async function answer(request: Request): Promise<Answer> {
    switch (request.type) {
      case 'open': {
        const { backend, threads, kernels } = request;
        const place = { backend, threads, kernels, stepThreads, ...(wasmFiles === undefined ? {} : { wasmFiles }) };
        if (request.engine === 'ceiling') {
          meter = await openCeiling(place);
          return { type: 'opened', adapter: meter.adapter, how: meter.how };
        }
        if (request.engine === 'pytorch') throw new Error('PyTorch runs in Python.');
        const open = await OPENERS[request.engine]();
        engine = await open(place, await load(request.workload));
        return { type: 'opened', adapter: engine.adapter };
      }
      case 'step': {
        if (engine === undefined) throw new Error('No engine was opened.');
        const [ms, losses]: [number[], number[]] = [[], []];
        for (let index = 0; index < request.count; index++) {
          const start = performance.now();
          losses.push(await engine.step());
          ms.push(performance.now() - start);
        }
        return { type: 'stepped', ms, losses };
      }
      case 'profile':
        if (engine === undefined) throw new Error('No engine was opened.');
        return { type: 'profiled', operations: await engine.profile() };
      case 'ceiling':
        if (meter === undefined) throw new Error('No meter was opened.');
        return { type: 'ceiling', ...(await meter.measure()) };
    }
  }

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  };
}
