import { z } from 'zod';
import { armConfig } from '../config/arm.ts';
import { mean } from '../config/average.ts';
import { describeDifference, recipeInWords } from '../config/difference.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { type Comparison, countedRows, failedRows, type StudyAnalysis, unplannedRuns } from './analysis.ts';
import { axesPoints, axesText } from './axes.ts';
import { countCells } from './cells.ts';
import type { NoveltyRow } from './novelty-rows.ts';
import { HELD_OUT, type StudyPlan } from './plan.ts';
import { StudyProblem } from './problem.ts';
import { MEASURES, mixedRuns, type ResultRow } from './results.ts';
import { seedsText } from './seeds.ts';
import { pairedStatistics } from './statistics/paired.ts';
import { canBeClaimed, detectable, LEVEL, seedsNeeded } from './statistics/power.ts';
import { verdictOn } from './verdict.ts';

const FORMAT = 'craft-playground-study-summary';
const FORMAT_VERSION = 1;

const text = z.string().max(1000);
const count = z.int().min(0);
const interval = z.tuple([z.number(), z.number()]);
const place = { axes: text, condition: text };
const outcome = { measure: z.enum(MEASURES), benchmark: text };

const summarySchema = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(FORMAT_VERSION),
  study: text,
  version: text,
  /** The nearest preset and the settings that differ from it, in words; empty in files of earlier versions. */
  recipe: text.default(''),
  /** Seeds whose runs are all done, and planned ones; interim until they are equal. */
  interim: z.boolean(),
  complete: count,
  planned: count,
  /** Seeds among them that were added after the plan. */
  added: count.default(0),
  failed: count,
  /** "1-16". */
  seeds: text,
  /** Settings that a seed decides. */
  decides: z.array(text),
  /** Each with its difference to CRAFT at the study's own settings, in words. */
  conditions: z.array(z.object({ name: text, difference: text })),
  primary: text,
  /** The primary one first, each with where its pairs come from; pairs are missing where they are not known. */
  evaluations: z.array(z.object({ name: text, data: text.optional(), pairs: count.optional() })),
  runs: count,
  /** Of each run; missing where they differ. */
  steps: count.optional(),
  faces: z.object({ name: text, identities: count, images: count, digest: text }).optional(),
  /** "wasm (SIMD)". */
  engines: z.array(text),
  /** Seeds that are left out, since PyTorch and the playground trained a part each. */
  mixed: z.array(count),
  failures: z.array(z.object({ ...place, seed: count, reason: text })),
  /** Finished runs of the results that the plan does not have. */
  unplanned: z.array(z.object({ ...place, seed: count })).default([]),
  /** Of a test how many runs are left out that had other numbers of pairs than most. */
  apart: z.array(z.object({ axes: text, ...outcome, pairs: count, runs: count })).default([]),
  /** Points of the axes as results.csv has them; one empty text where there is no axis. */
  points: z.array(text),
  verdicts: z.array(z.object({ ...place, headline: text, detail: text, check: text })),
  values: z.array(z.object({ ...place, ...outcome, seeds: count, mean: z.number(), interval: interval.optional() })),
  comparisons: z.array(
    z.object({
      ...place,
      ...outcome,
      primary: z.boolean(),
      claimed: z.boolean(),
      seeds: count,
      mean: z.number(),
      deviation: z.number(),
      interval,
      bca: interval.optional(),
      /** Over seeds and people together. */
      twoWay: interval.optional(),
      p: z.number(),
      method: z.enum(['exact', 'sampled']),
      smallestP: z.number(),
      /** Missing of the primary one, which is not corrected. */
      holm: z.number().optional(),
      /** Before Holm: the smallest difference that so many seeds show with 80 % power, and the seeds that show half a point and one. */
      detectable: z.number().optional(),
      seedsForHalfAPoint: count.optional(),
      seedsForOnePoint: count.optional(),
      /** The same difference where all that Holm corrects are corrected alike; missing where no p of so many seeds passes. */
      detectableByHolm: z.number().optional(),
    }),
  ),
  nullChecks: z.array(z.object({ axes: text, ...outcome, claims: count, pairings: count, differences: count })),
  novelty: z.array(
    z.object({
      ...place,
      filters: z.enum(['active', 'reactivated']),
      seeds: count,
      mean: z.number(),
      control: z.number(),
      /** Of the differences to the control, seed by seed; missing below two seeds. */
      difference: z.number().optional(),
      interval: interval.optional(),
    }),
  ),
});

/** The results of a study, as summary.json has them: shares are of 1, differences condition - Standard. */
export type StudySummary = z.output<typeof summarySchema>;

/** Statistics that need more of the runs than results.csv holds. */
export interface SummaryExtras {
  /** 95 % interval over seeds and people together, of an accuracy's comparison. */
  readonly twoWay: (comparison: Comparison) => Interval | undefined;
  readonly novelty: readonly NoveltyRow[];
}

/** Everything that a report, a table or a page says of a study. */
export function studySummary(
  plan: StudyPlan,
  analysis: StudyAnalysis,
  rows: readonly ResultRow[],
  { twoWay, novelty }: SummaryExtras,
): StudySummary {
  const { config, faces, seeds, primary, bare = false } = plan;
  const { complete, planned, added, failed } = analysis;
  const points = axesPoints(plan.axes).map(axesText);
  const done = rows.filter(({ state, seed }) => state === 'done' && seeds.includes(seed));
  const names = [...new Set([primary, HELD_OUT, ...plan.evaluations.map(({ name }) => name)])];
  // Of a plan without results the pairs are not known, nor where points or seeds have their own.
  const pairsOf = (name: string) => {
    const found = analysis.comparisons.flatMap(({ outcome: { benchmark }, tested = [] }) =>
      benchmark === name ? tested : [],
    );
    return new Set(found).size === 1 ? found[0] : undefined;
  };
  return rounded({
    format: FORMAT,
    formatVersion: FORMAT_VERSION,
    study: plan.name,
    version: plan.version,
    recipe: bare ? '' : recipeInWords(config),
    interim: complete < planned,
    complete,
    planned,
    added,
    failed,
    seeds: seedsText(seeds),
    decides: bare ? [] : [...plan.seedSettings],
    conditions: plan.conditions.map((condition) => ({
      name: condition.name,
      difference: describeDifference(armConfig(config, condition), { ...config, craft: true }, 10),
    })),
    primary,
    evaluations: names.map((name) => ({
      ...(plan.evaluations.find((one) => one.name === name) ?? { name }),
      pairs: pairsOf(name),
    })),
    runs: countCells(plan),
    steps: stepsOf(plan, rows),
    faces,
    engines: [...new Set(countedRows(plan, rows).map(({ engine, adapter }) => `${engine} (${adapter})`))],
    mixed: [...new Set(mixedRuns(done).map(({ seed }) => seed))],
    failures: failedRows(plan, rows).map(({ axes, condition, seed, reason }) => ({
      ...{ axes, condition, seed },
      reason: reason.slice(0, 1000),
    })),
    unplanned: unplannedRuns(plan, rows).map(({ axes, condition, seed }) => ({ axes, condition, seed })),
    apart: analysis.apart.map(({ outcome: { measure, benchmark }, ...one }) => ({ ...one, measure, benchmark })),
    points,
    verdicts: points.flatMap((axes) =>
      plan.conditions.map(({ name: condition }) => {
        const { headline, detail, check } = verdictOn(analysis, { axes, condition, benchmark: primary }, twoWay);
        return { axes, condition, headline, detail, check };
      }),
    ),
    values: analysis.values.map(({ axes, condition, outcome: { measure, benchmark }, ...one }) => ({
      ...{ axes, condition, measure, benchmark, seeds: one.seeds.length, mean: one.mean },
      interval: one.interval,
    })),
    comparisons: analysis.comparisons.flatMap((comparison) => {
      const { axes, condition, outcome, statistics, primary: isPrimary, claimed, corrected, family } = comparison;
      if (statistics === undefined) return [];
      const { seeds: number, mean: centre, deviation, interval: ends, bca, p, method, smallestP } = statistics;
      const { measure, benchmark } = outcome;
      return [
        {
          ...{ axes, condition, measure, benchmark, primary: isPrimary, claimed },
          ...{ seeds: number, mean: centre, deviation, interval: ends },
          bca,
          twoWay: twoWay(comparison),
          ...{ p, method, smallestP },
          holm: isPrimary ? undefined : corrected,
          // Equal differences say nothing of the spread.
          ...(deviation === 0
            ? {}
            : {
                detectable: detectable(deviation, number),
                seedsForHalfAPoint: seedsNeeded(deviation, 0.005),
                seedsForOnePoint: seedsNeeded(deviation, 0.01),
                detectableByHolm:
                  isPrimary || !canBeClaimed(number, LEVEL / family)
                    ? undefined
                    : detectable(deviation, number, LEVEL / family),
              }),
        },
      ];
    }),
    nullChecks: analysis.nullChecks.map(({ axes, outcome: { measure, benchmark }, check }) => ({
      ...{ axes, measure, benchmark },
      ...check,
    })),
    novelty: novelty.flatMap(({ axes, condition, filters, pairs }) => {
      if (pairs.length === 0) return [];
      const statistics = pairedStatistics(pairs.map(({ value, control }) => value - control));
      return [
        {
          ...{ axes, condition, filters, seeds: pairs.length },
          mean: mean(pairs.map(({ value }) => value)),
          control: mean(pairs.map(({ control }) => control)),
          difference: statistics?.mean,
          interval: statistics?.interval,
        },
      ];
    }),
  });
}

/** The steps of all runs, of results alone as they have them; undefined where they differ, as by an axis. */
function stepsOf(plan: StudyPlan, rows: readonly ResultRow[]): number | undefined {
  const ends = countedRows(plan, rows).filter(({ measure }) => measure === 'run');
  const found = plan.bare
    ? ends.map(({ value }) => value)
    : axesPoints(plan.axes).map((point) => Number(point.steps ?? plan.config.steps));
  return new Set(found).size === 1 ? found[0] : undefined;
}

/** summary.json. */
export function summaryText(summary: StudySummary): string {
  return `${JSON.stringify(summary, undefined, 1)}\n`;
}

/** Reads the summary that `summaryText` wrote, as parsed from JSON. @throws StudyProblem `not-a-study` */
export function readSummary(json: unknown): StudySummary {
  const read = summarySchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new StudyProblem(
    'not-a-study',
    `This is no summary.json of a study (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`,
    'Write it again: npm run study -- --out DIR --report.',
  );
}

/** As it is written: without fields that are undefined, and without the digits that say nothing. */
function rounded(value: unknown): StudySummary {
  const short = (one: unknown) =>
    typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(8)) : one;
  return readSummary(JSON.parse(JSON.stringify(value), (_, one: unknown) => short(one)));
}
