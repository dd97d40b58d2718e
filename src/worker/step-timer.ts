import type { RunConfig } from '../config/run-config.ts';
import { type StepTime, stepKey } from '../config/step-cost.ts';
import { stepThreads } from '../config/thread-plan.ts';
import { architectureOf, multiplyAdds } from '../network/architecture.ts';
import type { Engine, EngineInfo } from '../network/backend.ts';
import { timeStep } from '../training/time-step.ts';
import { trainedPeople } from '../verification/held-out-people.ts';
import type { AdapterMemory } from './adapter-memory.ts';
import type { Message } from './protocol.ts';

/** A processor computes a step in one piece, and Train waits for its end. Milliseconds. */
const MOST_ON_PROCESSOR = 600;
/** A graphics card leaves the thread free; a larger step uses it as a run does. */
const MOST_ON_CARD = 1500;

/** Many press Train within seconds of opening the page; a step timed then takes processors from the first ones. Milliseconds. */
const REST = 3000;

/** Resolves after a rest, or as soon as `ended` is aborted. */
export type Rest = (ended: AbortSignal) => Promise<void>;

const threeSeconds: Rest = (ended) =>
  new Promise((resolve) => {
    // An end that has come is reported to nobody any more.
    if (ended.aborted) return resolve();
    const timer = setTimeout(resolve, REST);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    ended.addEventListener('abort', end, { once: true });
  });

interface Timed {
  readonly config: RunConfig;
  readonly time: StepTime;
}

/** Has nothing else done on this thread until `work` is. */
export type Still = (work: () => Promise<void>) => Promise<void>;

interface StepTimerOptions {
  /** Remembers how long steps take here. */
  readonly memory?: Pick<AdapterMemory<StepTime>, 'find' | 'keep'> | undefined;
  /** Had before a step is timed: three seconds where it is not given. */
  readonly rest?: Rest | undefined;
  readonly still?: Still;
}

/** The engine as a run would find it, with the threads that it may take. */
type TimedEngine = Pick<Engine, 'info' | 'setThreads'>;

/**
 * Times training steps once the worker has rested, one engine and one list of configs at a time. Times that are kept are
 * sent without a rest.
 */
export class StepTimer {
  readonly #post: (message: Message) => void;
  readonly #memory: Pick<AdapterMemory<StepTime>, 'find' | 'keep'> | undefined;
  readonly #rest: Rest;
  readonly #still: Still;
  #work: { readonly stop: AbortController; ended: Promise<void> } | undefined;

  constructor(
    post: (message: Message) => void,
    { memory, rest = threeSeconds, still = (work) => work() }: StepTimerOptions = {},
  ) {
    this.#post = post;
    this.#memory = memory;
    this.#rest = rest;
    this.#still = still;
  }

  /** Sends the time of each config's step as soon as it is known, the lightest first; on as many threads as a run's step takes. */
  async time(engine: TimedEngine, configs: readonly RunConfig[]): Promise<void> {
    const before = this.stop();
    const work = { stop: new AbortController(), ended: Promise.resolve() };
    // In its place from now on, so that `stop` reaches it however soon it comes.
    this.#work = work;
    work.ended = before.then(() => this.#time(engine, configs, work.stop.signal));
    await work.ended;
  }

  /** Keeps the time of a run's own steps, which is better than that of a few in an idle worker. */
  async learn(engine: EngineInfo, config: RunConfig, ms: number): Promise<void> {
    await this.#memory?.keep(nameOf(engine, config), { ms, whole: true });
  }

  /** Resolves once nothing is timed any more, after the running step at the latest. */
  async stop(): Promise<void> {
    if (this.#work === undefined) return;
    this.#work.stop.abort();
    await this.#work.ended;
  }

  async #time(
    { info: engine, setThreads }: TimedEngine,
    configs: readonly RunConfig[],
    ended: AbortSignal,
  ): Promise<void> {
    const done: Timed[] = [];
    const unknown: RunConfig[] = [];
    const send = (config: RunConfig, time: StepTime) => {
      done.push({ config, time });
      this.#post({ type: 'step-time', engine, config, time });
    };
    for (const config of [...configs].sort((a, b) => workOf(a) - workOf(b))) {
      const kept = asTime(await this.#memory?.find(nameOf(engine, config)));
      if (kept === undefined) unknown.push(config);
      else send(config, kept);
    }
    if (unknown.length === 0) return;
    await this.#rest(ended);
    await this.#still(async () => {
      for (const config of unknown) {
        if (ended.aborted) return;
        setThreads(stepThreads(engine, config));
        try {
          const time = await this.#measure(engine, config, done, () => ended.aborted);
          if (time === undefined) return;
          send(config, time);
          await this.#memory?.keep(nameOf(engine, config), time);
        } catch {
          // A run of these settings reports the reason; until then its time is not known.
          return;
        }
      }
    });
  }

  async #measure(
    engine: EngineInfo,
    config: RunConfig,
    done: readonly Timed[],
    stopped: () => boolean,
  ): Promise<StepTime | undefined> {
    const onCard = engine.backend === 'webgpu' || engine.backend === 'webgl';
    const most = onCard ? MOST_ON_CARD : MOST_ON_PROCESSOR;
    // Layers of one body have like shapes, and like speeds.
    const like = done.findLast((timed) => timed.config.body === config.body);
    if (!onCard && like !== undefined) {
      const ms = (like.time.ms * workOf(config)) / workOf(like.config);
      // Two images are the least that is timed.
      if ((2 * ms) / config.batchSize > most) return { ms, whole: false };
    }
    return timeStep(config, most, stopped);
  }
}

/** The name of a kind of step on an engine. */
function nameOf(engine: EngineInfo, config: RunConfig): string {
  return [engine.backend, engine.adapter, stepKey(config, stepThreads(engine, config))].join(' ');
}

/** Multiply-adds of a step of one arm, but for a factor. */
function workOf(config: RunConfig): number {
  const people = trainedPeople(config.identities, config.heldOutShare);
  return config.batchSize * multiplyAdds(architectureOf(config, people));
}

/** A time as storage has it; undefined where it is none. */
function asTime(kept: unknown): StepTime | undefined {
  if (typeof kept !== 'object' || kept === null || !('ms' in kept) || !('whole' in kept)) return undefined;
  const { ms, whole } = kept;
  return typeof ms === 'number' && ms > 0 && typeof whole === 'boolean' ? { ms, whole } : undefined;
}
