import type { RunConfig } from '../config/run-config.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { RunEvent } from '../training/events.ts';

/** One arm of a run; `step`, `loss` and `inactiveShare` are columns of one length. */
export interface ArmReport {
  readonly step: number[];
  readonly loss: number[];
  readonly inactiveShare: number[];
  /** By the scale-free criterion, whatever the run's own. */
  readonly relativeInactiveShare: number[];
  readonly accuracy: { readonly step: number; readonly value: number; readonly deviation: number }[];
  readonly filters: { readonly step: number; readonly norm: number[]; readonly maxAbs: number[] }[];
  /** The first layer at the end: [k, k, channels, filters], and 1 for each filter that is inactive. */
  kernel: number[];
  inactive: number[];
}

/** What `npm run train -- --json FILE` writes. */
export interface RunReport {
  readonly config: RunConfig;
  readonly backend: string;
  readonly adapter: string;
  /** How the kernels shared out their work, where that was measured. */
  readonly variants?: EngineInfo['variants'];
  /** Median time of a step of all arms together, in milliseconds. */
  readonly stepMs: number;
  readonly data: { readonly identities: number; readonly images: number; readonly pairs: number };
  readonly kernelShape: readonly [number, number, number, number];
  readonly arms: Readonly<Record<string, ArmReport>>;
  /** The steps at which the CRAFT arm was checked, also those that found nothing. */
  readonly checks: readonly number[];
  readonly events: readonly {
    readonly step: number;
    readonly arm: string;
    readonly filters: readonly number[];
    readonly strategy: string;
  }[];
}

/** Collects a run's events into its report. */
export class RunRecorder {
  readonly #arms: Record<string, ArmReport> = {};
  readonly #events: RunReport['events'][number][] = [];
  readonly #checks: number[] = [];
  readonly #losses = new Map<string, number>();
  #engine: EngineInfo | undefined;
  #data = { identities: 0, images: 0, pairs: 0 };
  #kernelShape: RunReport['kernelShape'] = [0, 0, 0, 0];
  #stepMs = 0;

  add(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.#engine = event.engine;
        this.#data = event.data;
        this.#kernelShape = event.arms[0]?.kernelShape ?? this.#kernelShape;
        return;
      case 'progress':
        this.#losses.set(event.arm, event.loss);
        if (event.stepMs > 0) this.#stepMs = event.stepMs;
        return;
      case 'filters': {
        const loss = this.#losses.get(event.arm);
        const arm = this.#arm(event.arm);
        arm.filters.push({ step: event.step, norm: [...event.norms], maxAbs: [...event.maxAbs] });
        arm.inactive = [...event.inactive];
        if (event.kernel) arm.kernel = [...event.kernel];
        // Before the first step there are filters, but no loss.
        if (loss === undefined) return;
        arm.step.push(event.step);
        arm.loss.push(loss);
        arm.inactiveShare.push(event.inactiveShare);
        arm.relativeInactiveShare.push(event.relativeInactiveShare);
        return;
      }
      case 'verification':
        this.#arm(event.arm).accuracy.push({ step: event.step, value: event.accuracy, deviation: event.deviation });
        return;
      case 'reactivation': {
        const { step, arm, filters, strategy } = event;
        this.#checks.push(step);
        if (filters.length > 0) this.#events.push({ step, arm, filters, strategy });
        return;
      }
      default:
    }
  }

  report(config: RunConfig): RunReport {
    return {
      config,
      backend: this.#engine?.backend ?? '',
      adapter: this.#engine?.adapter ?? '',
      ...(this.#engine?.variants === undefined ? {} : { variants: this.#engine.variants }),
      stepMs: this.#stepMs,
      data: this.#data,
      kernelShape: this.#kernelShape,
      arms: this.#arms,
      checks: this.#checks,
      events: this.#events,
    };
  }

  #arm(name: string): ArmReport {
    this.#arms[name] ??= {
      step: [],
      loss: [],
      inactiveShare: [],
      relativeInactiveShare: [],
      accuracy: [],
      filters: [],
      kernel: [],
      inactive: [],
    };
    return this.#arms[name];
  }
}
