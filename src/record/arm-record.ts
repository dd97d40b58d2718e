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
/** Kernels that are kept, for looking back. */
const KERNEL_SNAPSHOTS = 400;

/** What is read of an arm's first layer at a step; arrays are [filters]. */
export interface FirstLayerReading {
  readonly step: number;
  readonly norms: Float32Array;
  readonly maxAbs: Float32Array;
  /** 1 where the run's criterion calls the filter inactive. */
  readonly inactive: Uint8Array;
  /** Inactive share by the run's criterion and by the scale-free one. */
  readonly inactiveShare: number;
  readonly relativeInactiveShare: number;
  /** [k, k, channels, filters], at a lower rate. */
  readonly kernel?: Float32Array;
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
  /** [k, k, channels, filters], as last read at or before the step. */
  readonly kernel: Float32Array | undefined;
  /** Step of that kernel, or -1. */
  readonly kernelStep: number;
}

/** What is kept of one arm of a run: everything the panels draw. */
export class ArmRecord {
  /** First kernel's shape [k, k, channels, filters]. */
  readonly kernelShape: RunHistory['kernelShape'];
  readonly filters: number;
  readonly loss = new Series();
  readonly inactiveShare = new Series();
  /** By the scale-free criterion, whatever the run's own. */
  readonly relativeInactiveShare = new Series();
  readonly verification = new Series();
  readonly norms: StepTable;
  readonly #maxAbs: StepTable;
  readonly #inactive: StepTable;
  readonly #kernels: StepTable;
  /** The kernel last asked for, so that panels get the same array until it changes. */
  #shown: { readonly step: number; readonly kernel: Float32Array } | undefined;
  /** Steps at which each filter was re-activated, rising. */
  readonly #reactivated: readonly number[][];
  /** The step of the checkpoint last gone on from, or -1. */
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
    this.#kernels = new StepTable(tableWidths(kernelShape).kernels, KERNEL_SNAPSHOTS);
  }

  /** Drops what came after `step`; the run goes on from there, and tells its filters at that step once more. */
  goOnFrom(step: number): void {
    for (const table of Object.values(this.tables)) table.cut(step);
    for (const steps of this.#reactivated) steps.splice(steps.findLastIndex((at) => at <= step) + 1);
    this.#wentOnAt = step;
  }

  /** Every table, by the name it has in a run's history. */
  get tables(): Readonly<Record<keyof ArmHistory, StepTable>> {
    const { loss, inactiveShare, relativeInactiveShare, verification, norms } = this;
    const [maxAbs, inactive, kernels] = [this.#maxAbs, this.#inactive, this.#kernels];
    return { loss, inactiveShare, relativeInactiveShare, verification, norms, maxAbs, inactive, kernels };
  }

  /** Takes over what another record had measured, into an empty one. */
  restore(told: ArmHistory): void {
    for (const name of TABLE_NAMES) this.tables[name].restore(told[name].steps, told[name].rows, told[name].stride);
    for (const norm of told.norms.rows) if (norm > this.highestNorm) this.highestNorm = norm;
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
    this.inactiveShare.push(event.step, event.inactiveShare);
    this.relativeInactiveShare.push(event.step, event.relativeInactiveShare);
    if (event.kernel !== undefined) this.#kernels.append(event.step, event.kernel);
    for (const norm of event.norms) if (norm > this.highestNorm) this.highestNorm = norm;
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
    return {
      step: norms.step,
      norms: norms.row,
      maxAbs,
      inactive,
      inactiveCount: inactive.reduce((count, flag) => count + flag, 0),
      kernel: kernel?.kernel,
      kernelStep: kernel?.step ?? -1,
    };
  }

  #kernelAt(step: number): { readonly step: number; readonly kernel: Float32Array } | undefined {
    const found = this.#kernels.at(step);
    if (found === undefined) return undefined;
    if (this.#shown?.step !== found.step) this.#shown = { step: found.step, kernel: found.row.slice() };
    return this.#shown;
  }

  /** When a filter was last re-activated at or before `step`, and how often so far. */
  reactivationsOf(filter: number, step = Number.POSITIVE_INFINITY): { readonly last: number; readonly times: number } {
    const steps = this.#reactivated[filter] ?? [];
    const place = steps.findLastIndex((at) => at <= step);
    return { last: steps[place] ?? -1, times: place + 1 };
  }
}
