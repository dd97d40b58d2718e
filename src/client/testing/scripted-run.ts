import { knownArm } from '../../config/arm.ts';
import { stream, type Uniform } from '../../config/random.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { ARMS, type ArmName } from '../../record/arm.ts';
import type { FiltersEvent, ReactivationEvent, ToldEvent } from '../../training/events.ts';

const CHANNELS = 3;

/** A made-up first layer whose filters fade at their own time; only for tests and pictures of the page. */
class ScriptedLayer {
  readonly weights: Float32Array<ArrayBuffer>;
  readonly #target: Float32Array;
  readonly #dies: Float64Array;
  readonly #born: Float64Array;

  constructor(
    readonly filters: number,
    readonly size: number,
    uniform: Uniform,
  ) {
    const each = size * size * CHANNELS;
    this.weights = new Float32Array(each * filters);
    this.#target = this.weights.map(() => (uniform() - 0.5) * 0.5);
    this.#dies = Float64Array.from({ length: filters }, () => (uniform() < 0.45 ? 0.15 + uniform() * 0.35 : 9));
    this.#born = new Float64Array(filters);
    for (let index = 0; index < each; index++) {
      const shade = Math.sin(index * 1.7) * 0.1;
      for (let filter = 0; filter < filters; filter++) {
        const place = index * filters + filter;
        this.#target[place] = (this.#target[place] ?? 0) + shade * Math.cos(filter);
      }
    }
  }

  /** Moves to a share of the run. */
  moveTo(progress: number): void {
    for (let index = 0; index < this.weights.length; index++) {
      const filter = index % this.filters;
      const age = progress - (this.#born[filter] ?? 0);
      const fade = Math.min(1, Math.exp(-(progress - (this.#dies[filter] ?? 0)) * 40));
      this.weights[index] = (this.#target[index] ?? 0) * (0.7 + Math.min(age, 0.6) * (1 + (filter % 5) / 3)) * fade;
    }
  }

  maxAbs(): Float32Array<ArrayBuffer> {
    const out = new Float32Array(this.filters);
    this.weights.forEach((weight, index) => {
      const filter = index % this.filters;
      out[filter] = Math.max(out[filter] ?? 0, Math.abs(weight));
    });
    return out;
  }

  norms(): Float32Array<ArrayBuffer> {
    const out = new Float32Array(this.filters);
    this.weights.forEach((weight, index) => {
      const filter = index % this.filters;
      out[filter] = (out[filter] ?? 0) + weight * weight;
    });
    return out.map(Math.sqrt);
  }

  /** The kernels of some filters, [k, k, channels, filters.length]. */
  pick(filters: readonly number[]): Float32Array<ArrayBuffer> {
    const each = this.size * this.size * CHANNELS;
    const out = new Float32Array(each * filters.length);
    for (let index = 0; index < each; index++) {
      filters.forEach((filter, place) => {
        out[index * filters.length + place] = this.weights[index * this.filters + filter] ?? 0;
      });
    }
    return out;
  }

  revive(filter: number, progress: number, uniform: Uniform): void {
    this.#born[filter] = progress;
    this.#dies[filter] = uniform() < 0.4 ? progress + 0.08 + uniform() * 0.3 : 9;
    for (let index = filter; index < this.#target.length; index += this.filters) {
      this.#target[index] = (uniform() - 0.5) * 0.6;
    }
    this.moveTo(progress);
  }
}

/** Channels that change nothing above zero, and keep a quarter below. */
export function plainChannels(filters: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 3 * filters }, (_, at) => [1, 0, 0.25][Math.floor(at / filters)] ?? 0);
}

/** The events of a made-up run, one array a step. Live settings are read from `config()` as they change. */
export function* scriptedRun(runId: string, config: () => RunConfig): Generator<readonly ToldEvent[]> {
  const first = config();
  const uniform = stream(first.seed, 'scripted');
  const size = Number(first.kernelSize);
  const arms = ARMS.filter((arm) => first.arms === 'both' || first.arms === arm);
  const layers = new Map(arms.map((arm) => [arm, new ScriptedLayer(first.filters, size, stream(first.seed, 'layer'))]));
  const total = first.steps;
  let craft = first.craft;

  const filters = (arm: ArmName, layer: ScriptedLayer, step: number): FiltersEvent => {
    const maxAbs = layer.maxAbs();
    const inactive = Uint8Array.from(maxAbs, (value) => (value < config().epsilon ? 1 : 0));
    const share = inactive.reduce((sum, flag) => sum + flag, 0) / layer.filters;
    const event = { type: 'filters', runId, arm, step, norms: layer.norms(), foldedNorms: layer.norms() } as const;
    const withKernel =
      step % config().kernelEvery === 0
        ? { kernel: layer.weights.slice(), channels: plainChannels(layer.filters) }
        : {};
    return {
      ...event,
      maxAbs,
      inactive,
      inactiveShare: share,
      relativeInactiveShare: share,
      contributions: event.norms,
      unusedShare: share,
      ...withKernel,
    };
  };
  const check = (layer: ScriptedLayer, step: number): ReactivationEvent => {
    const inactive = [...layer.maxAbs().entries()].filter(([, value]) => value < config().epsilon);
    const dead = inactive.map(([filter]) => filter);
    const before = layer.pick(dead);
    for (const filter of dead) layer.revive(filter, step / total, uniform);
    const event = { type: 'reactivation', runId, arm: 'craft', step, strategy: config().strategy } as const;
    const channels = [...plainChannels(dead.length)];
    return {
      ...event,
      filters: dead,
      before,
      after: layer.pick(dead),
      donors: [],
      values: inactive.map(([, v]) => v),
      channelsBefore: channels,
      channelsAfter: channels,
    };
  };

  const kernelShape = [size, size, CHANNELS, first.filters] as const;
  yield [
    {
      type: 'started',
      runId,
      step: 0,
      arms: arms.map((name) => ({ ...knownArm(name), kernelShape, parameters: 181_000 })),
      engine: { backend: 'webgpu', adapter: 'Scripted', software: false },
      totalSteps: total,
      data: { identities: 205, images: 4920, pairs: first.verifyPairs },
    },
    { type: 'compiling', runId, step: 0 },
    ...[...layers].map(([arm, layer]) => {
      layer.moveTo(0);
      return filters(arm, layer, 0);
    }),
  ];
  for (let step = 1; step <= total; step++) {
    const events: ToldEvent[] = [];
    const every = Math.max(1, Math.round((total * config().checkEvery) / 100));
    const checks = config().craft && step % every === 0 && step <= (total * config().stopAt) / 100;
    if (craft !== config().craft) {
      craft = config().craft;
      events.push({ type: 'craft-switched', runId, arm: 'craft', step, enabled: craft });
    }
    for (const [arm, layer] of layers) {
      layer.moveTo(step / total);
      if (arm === 'craft' && checks) events.push(check(layer, step));
      if (step % config().telemetryEvery === 0 || step === total) {
        const loss = 3 + 15 * Math.exp((-4 * step) / total) + (uniform() - 0.5) * 0.8;
        events.push(filters(arm, layer, step), {
          type: 'progress',
          runId,
          arm,
          step,
          loss: arm === 'craft' ? loss * 0.98 : loss,
          accuracy: 0.5,
          learningRate: 0.1,
          imagesPerSecond: 1920,
          stepMs: 33,
          deviceBytes: 412e6,
        });
      }
      if ((config().verifyEvery > 0 && step % config().verifyEvery === 0) || step === total) {
        const accuracy = 0.5 + 0.38 * (1 - Math.exp((-5 * step) / total)) + uniform() * 0.01;
        events.push({ type: 'verification', runId, arm, step, accuracy, deviation: 0.01, pairs: first.verifyPairs });
      }
    }
    if (step === total) events.push({ type: 'finished', runId, step, outcome: 'completed' });
    yield events;
  }
}
