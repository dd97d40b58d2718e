import { type Arm, armConfig, chosenArms, STANDARD } from '../config/arm.ts';
import { formatNumber } from '../config/quantity.ts';
import { readConfig } from '../config/read-config.ts';
import type { RunConfig } from '../config/run-config.ts';
import { type AxesPoint, axesPoints, axesText } from './axes.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { StudyProblem } from './problem.ts';
import { cellKey, type ResultRow } from './results.ts';

/** One run of a study: a condition with one seed at one point of the axes. Its network is the run's only arm. */
export interface Cell {
  /** Place in the order of training, from 0; the index of a cluster's array job. */
  readonly index: number;
  /** Its key within the study, and the name of its folder: "3-blend", "3-blend_filters-32". */
  readonly id: string;
  /** The id of Standard with the same seed at the same point; its own of Standard. */
  readonly standardId: string;
  readonly seed: number;
  readonly point: AxesPoint;
  /** As results.csv has it. */
  readonly axes: string;
  readonly condition: Arm;
  /** Of the run, without the condition's own settings. */
  readonly config: RunConfig;
}

/** The key of a cell's rows. */
export function keyOf({ seed, axes, condition }: Cell): string {
  return cellKey({ seed, axes, condition: condition.name });
}

/** The study's conditions, Standard first. */
export function conditionsOf(plan: Pick<StudyPlan, 'conditions'>): readonly Arm[] {
  return [STANDARD, ...plan.conditions];
}

/** How many cells a plan has, without making them. */
export function countCells({ seeds, conditions, axes }: Pick<StudyPlan, 'seeds' | 'conditions' | 'axes'>): number {
  return axes.reduce((cells, { values }) => cells * values.length, seeds.length * (conditions.length + 1));
}

/**
 * All cells in the order of training: seed by seed, so that whole pairs are there early; in a seed the points of the
 * axes, and at each Standard before its conditions.
 */
export function cellsOf(plan: StudyPlan): readonly Cell[] {
  const points = axesPoints(plan.axes);
  const conditions = conditionsOf(plan);
  return plan.seeds
    .flatMap((seed) => points.flatMap((point) => conditions.map((condition) => cellOf(plan, seed, point, condition))))
    .map((cell, index) => ({ index, ...cell }));
}

function cellOf(plan: StudyPlan, seed: number, point: AxesPoint, condition: Arm): Omit<Cell, 'index'> {
  const seeds = Object.fromEntries(plan.seedSettings.map((key) => [key, seed]));
  const place = Object.entries(point).map(
    ([setting, value]) => `_${setting}-${String(value).replace(/[^\w.-]+/g, '-')}`,
  );
  const idOf = ({ name }: Arm) => `${seed}-${name}${place.join('')}`;
  return {
    id: idOf(condition),
    standardId: idOf(STANDARD),
    seed,
    point,
    axes: axesText(point),
    condition,
    config: readConfig({ ...point, ...seeds, arms: chosenArms([condition]) }, plan.config).config,
  };
}

/**
 * Refuses results of another plan, as far as the columns of results.csv show it: of a shorter or longer training, and of
 * more held-out pairs.
 * @throws StudyProblem `other-study` for a finished run whose steps are not those of its condition and point in the plan,
 * or that was tested on more pairs
 */
export function refuseOtherRuns(plan: StudyPlan, rows: readonly ResultRow[]): void {
  const planned = configsOf(plan);
  for (const { measure, benchmark, state, seed, condition, axes, value, pairs } of rows) {
    const { steps, verifyPairs = Number.POSITIVE_INFINITY } = planned.get(placeOf(condition, axes)) ?? {};
    if (measure === 'accuracy' && benchmark === HELD_OUT && state === 'done' && pairs > verifyPairs) {
      throw new StudyProblem(
        'other-study',
        `The run of ${condition.slice(0, 40)} with seed ${seed} was tested on ${formatNumber(pairs)} held-out pairs; in this study there are ${formatNumber(verifyPairs)} at most.`,
        'Choose results of the same plan.',
      );
    }
    if (measure !== 'run' || state !== 'done' || steps === undefined || value === steps) continue;
    throw new StudyProblem(
      'other-study',
      `The run of ${condition.slice(0, 40)} with seed ${seed} took ${formatNumber(value)} steps; in this study it takes ${formatNumber(steps)}.`,
      'Choose results of the same plan.',
    );
  }
}

/**
 * Refuses the files of tests that are not those of the results so far: `pairs` has their numbers by the evaluations' names.
 * @throws StudyProblem `other-study` for a finished run that was tested on another number of pairs
 */
export function refuseOtherTests(
  { axes: varied }: Pick<StudyPlan, 'axes'>,
  rows: readonly ResultRow[],
  pairs: ReadonlyMap<string, number>,
): void {
  // Where an axis decides them, the number of one of its points says nothing of the others.
  if (varied.some(({ setting }) => setting === 'verifyPairs')) return;
  for (const { state, benchmark, pairs: tested } of rows) {
    const found = pairs.get(benchmark);
    if (state !== 'done' || found === undefined || !(tested > 0) || tested === found) continue;
    throw new StudyProblem(
      'other-study',
      `${benchmark.slice(0, 80)} has ${formatNumber(found)} pairs; finished runs of this study were tested on ${formatNumber(tested)}.`,
      'Give the file that they were tested on, or plan another study.',
    );
  }
}

/** How many first-layer filters a condition has at a point of the axes; NaN where the plan has none of the two. */
export function filtersOf(plan: StudyPlan): (condition: string, axes: string) => number {
  const planned = configsOf(plan);
  return (condition, axes) => planned.get(placeOf(condition, axes))?.filters ?? Number.NaN;
}

/** The settings of each condition at each point of the axes. */
function configsOf(plan: StudyPlan): ReadonlyMap<string, RunConfig> {
  const planned = new Map<string, RunConfig>();
  for (const point of axesPoints(plan.axes)) {
    const { config } = readConfig(point, plan.config);
    for (const condition of conditionsOf(plan)) {
      planned.set(placeOf(condition.name, axesText(point)), armConfig(config, condition));
    }
  }
  return planned;
}

const placeOf = (condition: string, axes: string) => `${condition} ${axes}`;

/** The cells that machine `shard` of `shards` trains, counted from 1: whole seeds, so that its pairs are complete. */
export function cellsOfShard(plan: StudyPlan, shard: number, shards: number): readonly Cell[] {
  return cellsOf(plan).filter(({ seed }) => plan.seeds.indexOf(seed) % shards === shard - 1);
}
