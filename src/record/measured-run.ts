import type { RunConfig } from '../config/run-config.ts';
import { stopStep } from '../craft/schedule.ts';
import { ArmRecord, type FirstLayerReading } from './arm-record.ts';
import type { HistoryEvent } from './history-events.ts';
import { type ArmHistory, type RunHistory, type SeamEntry, shapeOf } from './run-history.ts';

/** The measured and kept part of a run's events; training/events.ts has them whole, with their run. */
export type Measurement = { readonly runId?: string } & (
  | { readonly type: 'progress'; readonly step: number; readonly arm: string; readonly loss: number }
  | ({ readonly type: 'filters'; readonly arm: string } & FirstLayerReading)
  | ({ readonly type: 'verification'; readonly arm: string } & Parameters<ArmRecord['addVerification']>[0])
  | HistoryEvent
);

const MEASURED: readonly string[] = ['progress', 'filters', 'verification', 'reactivation', 'craft-switched'];

/** Whether an event of a run is to be measured. */
export function isMeasurement<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: Measurement['type'] }> {
  return MEASURED.includes(event.type);
}

/**
 * All that a run has measured so far, in bounded memory: the data of charts, heatmaps, walls, event lists and figures.
 */
export class MeasuredRun {
  /** The settings the run trains with; live ones are kept up to date. */
  config: RunConfig;
  /** Steps finished. */
  step = 0;
  /** By name, in the order of the run. */
  readonly arms: Record<string, ArmRecord> = {};
  /** By rising step. */
  readonly events: HistoryEvent[] = [];
  /** By rising step. */
  readonly seams: SeamEntry[] = [];

  constructor(config: RunConfig) {
    this.config = config;
  }

  /** First kernel's shape [k, k, channels, filters], of the first arm; unknown before the run has started. */
  get kernelShape(): RunHistory['kernelShape'] | undefined {
    return Object.values(this.arms)[0]?.kernelShape;
  }

  /** The record that a history was taken of, after `step` steps. */
  static of(config: RunConfig, step: number, history: RunHistory): MeasuredRun {
    const run = new MeasuredRun(config);
    run.begin(Object.keys(history.arms).map((name) => ({ name, kernelShape: shapeOf(history, name) })));
    run.restore(history);
    run.step = step;
    return run;
  }

  get totalSteps(): number {
    return this.config.steps;
  }

  /** Steps for which a re-activated filter counts as just re-activated: 150 in a run of 2,400. */
  get freshSteps(): number {
    return Math.max(1, Math.round(this.totalSteps / 16));
  }

  /** The step after which CRAFT leaves the filters alone; undefined without CRAFT, or where that is the end. */
  get stopStep(): number | undefined {
    return this.config.arms === 'standard' ? undefined : stopStep(this.totalSteps, this.config);
  }

  /** Steps at which filters were re-activated, rising. */
  get eventSteps(): readonly number[] {
    return this.events.flatMap((event) =>
      event.type === 'reactivation' && event.filters.length > 0 ? [event.step] : [],
    );
  }

  /** The run has started, or started again, with these arms. */
  begin(arms: readonly { readonly name: string; readonly kernelShape: RunHistory['kernelShape'] }[]): void {
    for (const { name, kernelShape } of arms) this.arms[name] ??= new ArmRecord(kernelShape);
  }

  measure(measurement: Measurement): void {
    this.step = Math.max(this.step, measurement.step);
    const arm = this.arms[measurement.arm];
    switch (measurement.type) {
      case 'progress':
        arm?.loss.push(measurement.step, measurement.loss);
        return;
      case 'filters':
        arm?.addFilters(measurement);
        return;
      case 'verification':
        arm?.addVerification(measurement);
        return;
      case 'reactivation':
      case 'craft-switched': {
        const { runId: _, ...event } = measurement;
        this.events.push(event);
        if (event.type === 'reactivation') arm?.addReactivation(event);
      }
    }
  }

  /** Takes over earlier readings, in a run that has started but measured nothing yet. */
  restore({ arms, events, seams }: Pick<RunHistory, 'arms' | 'events' | 'seams'>): void {
    for (const [arm, measured] of Object.entries(arms)) this.arms[arm]?.restore(measured);
    for (const event of events) this.measure(event);
    this.seams.push(...seams);
  }

  /** Cuts readings after the checkpoint that the run resumes from; all before it stay. */
  goOnFrom(step: number, reason: string, note?: string): void {
    for (const arm of Object.values(this.arms)) arm.goOnFrom(step);
    cut(this.events, step);
    cut(this.seams, step);
    // Before the first step nothing broke off.
    if (step === 0 && this.step === 0) return;
    const last = this.seams.at(-1);
    // Nothing was trained since the last try to resume here: it is one break.
    const again = last?.step === step && this.step === step;
    const seam = again ? last : { step, lostAt: this.step, reason };
    if (again) this.seams.pop();
    this.seams.push(note === undefined ? seam : { ...seam, note });
    this.step = step;
  }

  /** Everything measured so far, copied; undefined before the run has started. */
  history(): RunHistory | undefined {
    const { kernelShape } = this;
    if (kernelShape === undefined) return undefined;
    const arms: Record<string, ArmHistory> = {};
    const kernelShapes: Record<string, RunHistory['kernelShape']> = {};
    for (const [name, arm] of Object.entries(this.arms)) {
      arms[name] = arm.history();
      if (arm.kernelShape.join() !== kernelShape.join()) kernelShapes[name] = arm.kernelShape;
    }
    const others = Object.keys(kernelShapes).length === 0 ? {} : { kernelShapes };
    return { kernelShape, ...others, arms, events: [...this.events], seams: [...this.seams] };
  }
}

/** Drops everything after `step`. */
function cut(happened: { readonly step: number }[], step: number): void {
  const first = happened.findIndex((event) => event.step > step);
  if (first >= 0) happened.length = first;
}
