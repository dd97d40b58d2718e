import { decayDose } from '../config/dose.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { ArmRecord } from '../record/arm-record.ts';
import { conclusionOf } from '../record/conclusion.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { WeightsOrigin } from '../record/weights-origin.ts';
import type { StartedEvent } from '../training/events.ts';

/** One arm of a run; `step`, `loss` and `inactiveShare` are columns of one length. */
export interface ArmReport {
  readonly step: readonly number[];
  readonly loss: readonly number[];
  readonly inactiveShare: readonly number[];
  /** By the scale-free criterion, regardless of the run's own. */
  readonly relativeInactiveShare: readonly number[];
  /** By the contribution of each filter to the next layer; empty in runs saved before it was measured. */
  readonly unusedShare: readonly number[];
  readonly accuracy: readonly { readonly step: number; readonly value: number; readonly deviation?: number }[];
  readonly filters: readonly {
    readonly step: number;
    readonly norm: readonly number[];
    readonly maxAbs: readonly number[];
  }[];
  /** The first layer at the end: [k, k, channels, filters], and 1 for each filter that is inactive. */
  readonly kernel: readonly number[];
  readonly inactive: readonly number[];
}

/** The contents of `npm run train -- --json FILE`. */
export interface RunReport {
  readonly config: RunConfig;
  readonly backend: string;
  readonly adapter: string;
  readonly engine: Pick<EngineInfo, 'backend' | 'adapter' | 'threads'>;
  /** How the kernels shared out their work, where that was measured. */
  readonly variants?: EngineInfo['variants'];
  /** Median time of a step of all arms together, in milliseconds. */
  readonly stepMs: number;
  readonly data: StartedEvent['data'];
  /** Where the first weights came from that were not drawn from the seed. */
  readonly weights?: WeightsOrigin;
  readonly kernelShape: readonly [number, number, number, number];
  readonly arms: Readonly<Record<string, ArmReport>>;
  /** The run in words. */
  readonly conclusion: readonly string[];
  /** Of the whole recipe: sum of learning rate times weight decay, and the share left of an idle weight. */
  readonly dose: { readonly sum: number; readonly shrink: number };
  /** The steps at which first layers were checked, also those that found nothing. */
  readonly checks: readonly number[];
  readonly events: readonly {
    readonly step: number;
    readonly arm: string;
    readonly filters: readonly number[];
    readonly strategy: string;
  }[];
}

/** Facts of a run in a report besides its readings. */
export interface ReportFacts {
  readonly engine: EngineInfo;
  readonly data: RunReport['data'];
  readonly weights?: WeightsOrigin | undefined;
  /** Median time of a step of all arms together, in milliseconds. */
  readonly stepMs: number;
}

/** The report of a run from its readings; a long run's columns are as thin as its record. */
export function runReport(run: MeasuredRun, { engine, data, weights, stepMs }: ReportFacts): RunReport {
  const { sum, shrink } = decayDose(run.config);
  const { threads } = engine;
  const checks = run.events.flatMap((event) => (event.type === 'reactivation' ? [event] : []));
  return {
    config: run.config,
    backend: engine.backend,
    adapter: engine.adapter,
    engine: { backend: engine.backend, adapter: engine.adapter, ...(threads === undefined ? {} : { threads }) },
    ...(engine.variants === undefined ? {} : { variants: engine.variants }),
    stepMs,
    data,
    ...(weights === undefined ? {} : { weights }),
    kernelShape: run.kernelShape ?? [0, 0, 0, 0],
    arms: Object.fromEntries(Object.entries(run.arms).map(([name, arm]) => [name, armReport(arm)])),
    conclusion: conclusionOf(run)?.sentences ?? [],
    dose: { sum, shrink },
    // Every arm is checked by its own schedule.
    checks: [...new Set(checks.map(({ step }) => step))],
    events: checks.flatMap(({ step, arm, filters, strategy }) =>
      filters.length > 0 ? [{ step, arm, filters, strategy }] : [],
    ),
  };
}

function armReport(arm: ArmRecord): ArmReport {
  const { inactiveShare, relativeInactiveShare, unusedShare, verification, norms, maxAbs, deviation } = arm.tables;
  // Before the first step there are filters, but no loss.
  const rows = [...inactiveShare.steps.keys()].filter((row) => arm.loss.at(inactiveShare.steps[row]) !== undefined);
  const layer = arm.layerAt();
  return {
    step: rows.map((row) => inactiveShare.steps[row] ?? 0),
    loss: rows.map((row) => decimal(arm.loss.valueAt(inactiveShare.steps[row]))),
    inactiveShare: rows.map((row) => decimal(inactiveShare.rows[row])),
    relativeInactiveShare: rows.map((row) => decimal(relativeInactiveShare.rows[row])),
    unusedShare: unusedShare.length === 0 ? [] : rows.map((row) => decimal(unusedShare.rows[row])),
    accuracy: [...verification.steps].map((step, row) => {
      const spread = deviation.at(step);
      // Runs that were saved before it was kept have none.
      const known = spread?.step === step ? { deviation: decimal(spread.row[0]) } : {};
      return { step, value: decimal(verification.rows[row]), ...known };
    }),
    filters: [...norms.steps].map((step, row) => ({ step, norm: [...norms.row(row)], maxAbs: [...maxAbs.row(row)] })),
    kernel: [...(layer?.kernel ?? [])],
    inactive: [...(layer?.inactive ?? [])],
  };
}

/** A number that was kept in 32 bits, without the digits that say nothing: 0.04166667, not 0.0416666679084301. */
function decimal(value = Number.NaN): number {
  return Number(value.toPrecision(7));
}
