import type { RunConfig } from '../../config/run-config.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { Failure, ToldEvent } from '../../training/events.ts';
import type { Command, Message } from '../../worker/protocol.ts';
import type { RunClient } from '../run-client.ts';
import { plainChannels, scriptedRun } from './scripted-run.ts';

/** Replaces the worker in tests and pictures of the page: same commands, same messages, made-up numbers. */
export class ScriptedClient implements RunClient {
  readonly posted: Command[] = [];
  restarts = 0;
  readonly #checkpoints = new Map<string, Checkpoint>();
  readonly #listeners = new Set<(message: Message) => void>();
  readonly #engine: EngineInfo | 'unknown';
  /** While true a run that is started stays before its first event. */
  holds = false;
  #run: { readonly id: string; readonly events: Generator<readonly ToldEvent[]>; step: number } | undefined;
  #config: RunConfig | undefined;
  #paused = false;

  /** @param engine the result of a probe; 'unknown' leaves it unanswered */
  constructor(engine: EngineInfo | 'unknown' = { backend: 'webgpu', adapter: 'NVIDIA', software: false }) {
    this.#engine = engine;
  }

  post(command: Command): void {
    this.posted.push(command);
    switch (command.type) {
      case 'probe':
        if (this.#engine !== 'unknown') this.emit({ type: 'engine', engine: this.#engine });
        return;
      case 'preview':
        this.#preview(command.config);
        return;
      case 'time-steps':
        for (const config of command.configs) this.#timeStep(config, command.threads);
        return;
      case 'start':
        this.#config = command.config;
        this.#paused = command.paused;
        this.#run = {
          id: command.runId,
          events: scriptedRun(command.runId, () => this.#config ?? command.config),
          step: -1,
        };
        if (this.holds) return;
        this.#goTo(command.from?.step ?? 0);
        if (command.paused) this.#send('paused');
        return;
      case 'pause':
        this.#paused = true;
        this.#send('paused');
        return;
      case 'resume':
        this.#paused = false;
        this.#send('resumed');
        return;
      case 'step':
        this.#next();
        this.#send('paused');
        return;
      case 'stop':
        this.#run = undefined;
        return;
      case 'live-settings':
        this.#config = command.config;
        return;
      case 'request-checkpoint':
        this.#answer(command.requestId);
        return;
      case 'import-faces':
      case 'cancel-import':
      case 'use-faces':
      case 'forget-faces':
      case 'describe-faces':
      case 'pack-study':
        return;
    }
  }

  subscribe(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  restart(): void {
    this.restarts++;
    this.#run = undefined;
  }

  checkpointOf(runId: string): Checkpoint | undefined {
    return this.#checkpoints.get(runId);
  }

  /** Takes a checkpoint of the run where it is, as an answer to a request if that is given. */
  takeCheckpoint(requestId?: string): void {
    if (this.#run === undefined || this.#config === undefined) return;
    const checkpoint = { config: this.#config, step: this.#run.step, arms: [] };
    const answer = requestId === undefined ? {} : { requestId };
    this.emit({ type: 'checkpoint', runId: this.#run.id, checkpoint, ...answer });
  }

  /** Breaks the run off, as a lost device does. */
  fail(failure: Failure): void {
    if (this.#run === undefined) return;
    this.emit({ type: 'run-event', event: { type: 'failed', runId: this.#run.id, step: this.#run.step, failure } });
  }

  /** Trains `steps` steps synchronously, as far as the run goes and is not paused. */
  advance(steps: number): void {
    for (let count = 0; count < steps && this.#run !== undefined && !this.#paused; count++) this.#next();
  }

  emit(message: Message): void {
    if (message.type === 'checkpoint') this.#checkpoints.set(message.runId, message.checkpoint);
    for (const listener of this.#listeners) listener(message);
  }

  #answer(requestId: string): void {
    const failure = { code: 'no-run', message: 'There is no trained network here.', hint: 'Press Train.' } as const;
    if (this.#run === undefined) this.emit({ type: 'checkpoint-failed', requestId, failure });
    else this.takeCheckpoint(requestId);
  }

  /** Starts the run at a step: the resumed run reported those before it. */
  #goTo(step: number): void {
    const first = this.#run?.events.next().value ?? [];
    for (let skipped = 0; skipped < step; skipped++) this.#run?.events.next();
    if (this.#run !== undefined) this.#run.step = step;
    for (const event of first) {
      if (event.type === 'started' || event.type === 'compiling')
        this.emit({ type: 'run-event', event: { ...event, step } });
      else if (step === 0) this.emit({ type: 'run-event', event });
    }
  }

  #next(): void {
    const next = this.#run?.events.next();
    if (next?.value === undefined || this.#run === undefined) return;
    this.#run.step++;
    for (const event of next.value) this.emit({ type: 'run-event', event });
  }

  #send(type: 'paused' | 'resumed'): void {
    if (this.#run === undefined) return;
    this.emit({ type: 'run-event', event: { type, runId: this.#run.id, step: this.#run.step } });
  }

  #timeStep(config: RunConfig, threads: number | undefined): void {
    if (this.#engine === 'unknown') return;
    // As on a processor: a plain body at 32 px, or InsightFace's at 64 and 112 px.
    const image = config.body === 'plain' ? 0.8 : 90 * (config.imageSize / 64) ** 2 * (config.width / 32) ** 2;
    const time = { ms: image * config.batchSize, whole: config.body === 'plain' };
    const engine = threads === undefined ? this.#engine : { ...this.#engine, threads };
    this.emit({ type: 'step-time', engine, config, time });
  }

  #preview(config: RunConfig): void {
    const events = scriptedRun('preview', () => config).next().value;
    const layer = Array.isArray(events) ? events.find((event) => event.type === 'filters') : undefined;
    const size = Number(config.kernelSize);
    if (layer?.kernel === undefined) return;
    this.emit({
      type: 'preview',
      kernel: layer.kernel,
      kernelShape: [size, size, 3, config.filters],
      channels: plainChannels(config.filters),
    });
  }
}
