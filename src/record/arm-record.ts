import { type ChannelUse, judgeUse } from '../craft/contribution.ts';
import { type AccuracyDifference, DIFFERENCE_WIDTH, differenceOfRow, differenceRow } from './accuracy-difference.ts';
import {
  type ArmHistory,
  armTables,
  type HistoryTable,
  type RunHistory,
  TABLE_NAMES,
  tableWidths,
} from './run-history.ts';
import { Series, StepTable } from './series.ts';

/** Columns of a heatmap that are kept; older ones are thinned out. */
const NORM_COLUMNS = 2048;
/** Verifications whose difference is kept. */
const DIFFERENCES = 2048;
/** Kernels that are kept, for looking back. */
const KERNEL_SNAPSHOTS = 400;

/** The readings of an arm's first layer at a step; arrays are [filters]. */
export interface FirstLayerReading {
  readonly step: number;
  readonly norms: Float32Array;
  readonly maxAbs: Float32Array;
  /** 1 where the run's criterion calls the filter inactive. */
  readonly inactive: Uint8Array;
  /** Inactive share by the run's criterion and by the scale-free one. */
  readonly inactiveShare: number;
  readonly relativeInactiveShare: number;
  /** The use of each filter by the next layer, and the share of filters that it hardly uses. */
  readonly contributions: Float32Array;
  readonly unusedShare: number;
  /** [k, k, channels, filters], at a lower rate. */
  readonly kernel?: Float32Array;
  /** [3, filters], with the kernel: the layers behind it in each channel (craft/response.ts). */
  readonly channels?: Float32Array;
}

/** The first layer of an arm at a step; arrays are [filters]. */
export interface LayerView {
  /** Step of the telemetry the norms come from. */
  readonly step: number;
  readonly norms: Float32Array;
  readonly maxAbs: Float32Array;
  /** 1 where inactive. */
  readonly inactive: Float32Array;
  readonly inactiveCount: number;
  /**
   * Contribution to the next layer, and 1 where it is next to nothing; undefined in runs saved before it was measured.
   */
  readonly use: ChannelUse | undefined;
  /** [k, k, channels, filters], as last read at or before the step. */
  readonly kernel: Float32Array | undefined;
  /** Step of that kernel, or -1. */
  readonly kernelStep: number;
  /** [3, filters], of the same step; undefined in runs saved before it was kept. */
  readonly channels: Float32Array | undefined;
}

interface KernelReading {
  readonly step: number;
  readonly kernel: Float32Array;
  readonly channels: Float32Array | undefined;
}

/** The record of one arm of a run: everything the panels draw. */
export class ArmRecord {
  /** First kernel's shape [k, k, channels, filters]. */
  readonly kernelShape: RunHistory['kernelShape'];
  readonly filters: number;
  readonly loss = new Series();
  readonly inactiveShare = new Series();
  /** By the scale-free criterion, regardless of the run's own. */
  readonly relativeInactiveShare = new Series();
  /** By contribution to the next layer. */
  readonly unusedShare = new Series();
  readonly verification = new Series();
  readonly #deviation = new Series();
  readonly #difference = new StepTable(DIFFERENCE_WIDTH, DIFFERENCES);
  readonly norms: StepTable;
  readonly #maxAbs: StepTable;
  readonly #inactive: StepTable;
  readonly #contributions: StepTable;
  readonly #kernels: StepTable;
  readonly #channels: StepTable;
  /** The kernel last asked for, so that panels get the same array until it changes. */
  #shown: KernelReading | undefined;
  /** Steps at which each filter was re-activated, rising. */
  readonly #reactivated: readonly number[][];
  /** The step of the last checkpoint the run resumed from, or -1. */
  #wentOnAt = -1;
  /** Highest norm so far, for the colour scale. */
  highestNorm = 0;

  constructor(kernelShape: RunHistory['kernelShape']) {
    const filters = kernelShape[3];
    this.kernelShape = kernelShape;
    this.filters = filters;
    this.#reactivated = Array.from({ length: filters }, () => []);
    this.norms = new StepTable(filters, NORM_COLUMNS);
    this.#maxAbs = new StepTable(filters, NORM_COLUMNS);
    this.#inactive = new StepTable(filters, NORM_COLUMNS);
    this.#contributions = new StepTable(filters, NORM_COLUMNS);
    this.#kernels = new StepTable(tableWidths(kernelShape).kernels, KERNEL_SNAPSHOTS);
    this.#channels = new StepTable(tableWidths(kernelShape).channels, KERNEL_SNAPSHOTS);
  }

  /** Drops readings after `step`; the run resumes there, and reports its filters at that step once more. */
  goOnFrom(step: number): void {
    for (const table of Object.values(this.tables)) table.cut(step);
    for (const steps of this.#reactivated) steps.splice(steps.findLastIndex((at) => at <= step) + 1);
    this.#wentOnAt = step;
  }

  /** Every table, by the name it has in a run's history. */
  get tables(): Readonly<Record<keyof ArmHistory, StepTable>> {
    const { loss, inactiveShare, relativeInactiveShare, unusedShare, verification, norms } = this;
    return {
      loss,
      inactiveShare,
      relativeInactiveShare,
      unusedShare,
      verification,
      deviation: this.#deviation,
      difference: this.#difference,
      norms,
      maxAbs: this.#maxAbs,
      inactive: this.#inactive,
      contributions: this.#contributions,
      kernels: this.#kernels,
      channels: this.#channels,
    };
  }

  /** Takes over the measurements of another record, into an empty one. */
  restore(measured: ArmHistory): void {
    for (const name of TABLE_NAMES) {
      const { steps, rows, stride } = measured[name];
      this.tables[name].restore(steps, rows, stride);
    }
    for (const norm of measured.norms.rows) if (norm > this.highestNorm) this.highestNorm = norm;
  }

  /** All that was measured, copied. */
  history(): ArmHistory {
    return armTables((name): HistoryTable => {
      const { steps, rows, stride } = this.tables[name];
      return { steps: Int32Array.from(steps), rows: Float32Array.from(rows), stride };
    });
  }

  addFilters(event: FirstLayerReading): void {
    if (event.step === this.#wentOnAt && this.norms.at()?.step === event.step) return;
    this.norms.append(event.step, event.norms);
    this.#maxAbs.append(event.step, event.maxAbs);
    this.#inactive.append(event.step, event.inactive);
    this.#contributions.append(event.step, event.contributions);
    this.unusedShare.push(event.step, event.unusedShare);
    this.inactiveShare.push(event.step, event.inactiveShare);
    this.relativeInactiveShare.push(event.step, event.relativeInactiveShare);
    // A re-activation reports its step once more, with the new filters.
    if (this.#shown?.step === event.step) this.#shown = undefined;
    if (event.kernel !== undefined) this.#kernels.append(event.step, event.kernel);
    if (event.channels !== undefined) this.#channels.append(event.step, event.channels);
    for (const norm of event.norms) if (norm > this.highestNorm) this.highestNorm = norm;
  }

  addVerification(event: {
    readonly step: number;
    readonly accuracy: number;
    /** Over the folds, where it is known. */
    readonly deviation?: number;
    readonly difference?: AccuracyDifference;
  }) {
    this.verification.push(event.step, event.accuracy);
    if (event.deviation !== undefined) this.#deviation.push(event.step, event.deviation);
    if (event.difference !== undefined) this.#difference.append(event.step, differenceRow(event.difference));
  }

  /** The difference to the run's first arm, as last measured at or before `step`. */
  differenceAt(step: number = Number.POSITIVE_INFINITY): (AccuracyDifference & { readonly step: number }) | undefined {
    const found = this.#difference.at(step);
    return found && { ...differenceOfRow(found.row), step: found.step };
  }

  addReactivation(event: { readonly step: number; readonly filters: readonly number[] }): void {
    for (const filter of event.filters) this.#reactivated[filter]?.push(event.step);
  }

  /** The first layer at a step, the newest without one; undefined before the first telemetry. */
  layerAt(step: number = Number.POSITIVE_INFINITY): LayerView | undefined {
    const norms = this.norms.at(step);
    const maxAbs = this.#maxAbs.at(step)?.row;
    const inactive = this.#inactive.at(step)?.row;
    if (norms === undefined || maxAbs === undefined || inactive === undefined) return undefined;
    const kernel = this.#kernelAt(step);
    const contributions = this.#contributions.at(step);
    return {
      step: norms.step,
      norms: norms.row,
      maxAbs,
      inactive,
      inactiveCount: inactive.reduce((count, flag) => count + flag, 0),
      use: contributions && judgeUse(Float32Array.from(contributions.row)),
      kernel: kernel?.kernel,
      kernelStep: kernel?.step ?? -1,
      channels: kernel?.channels,
    };
  }

  #kernelAt(step: number): KernelReading | undefined {
    const found = this.#kernels.at(step);
    if (found === undefined) return undefined;
    if (this.#shown?.step !== found.step) {
      const channels = this.#channels.at(found.step);
      // A run that resumed from an old file has kernels without them.
      const same = channels?.step === found.step ? channels.row.slice() : undefined;
      this.#shown = { step: found.step, kernel: found.row.slice(), channels: same };
    }
    return this.#shown;
  }

  /** Steps at which a filter was re-activated, rising. */
  reactivationSteps(filter: number): readonly number[] {
    return this.#reactivated[filter] ?? [];
  }

  /** When a filter was last re-activated at or before `step`, and how often so far. */
  reactivationsOf(filter: number, step = Number.POSITIVE_INFINITY): { readonly last: number; readonly times: number } {
    const steps = this.#reactivated[filter] ?? [];
    const place = steps.findLastIndex((at) => at <= step);
    return { last: steps[place] ?? -1, times: place + 1 };
  }
}
