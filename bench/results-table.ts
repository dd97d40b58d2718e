import { readFileSync } from 'node:fs';
import type { RunReport } from '../src/cli/run-report.ts';
import { mean } from '../src/config/average.ts';
import { survival } from '../src/craft/survival.ts';
import { noveltyBySeed } from '../src/study/statistics/seed-novelty.ts';
import { deviation } from '../src/study/statistics/student.ts';

/*
 * Reads run.json files of paired runs that differ in their seed alone and prints the Markdown table of docs/results.md:
 *   npx tsx bench/results-table.ts runs/small-cfp96-*\/run.json
 */

type Row = readonly [label: string, ...cells: string[]];

const percent = (share: number | undefined) => (share === undefined ? '-' : `${(100 * share).toFixed(1)} %`);

function summary(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length < 2 ? '' : `${percent(mean(known))} ± ${(100 * deviation(known)).toFixed(1)}`;
}

function shareRow(label: string, reports: readonly RunReport[], value: (report: RunReport) => number | undefined): Row {
  const values = reports.map(value);
  return [label, ...values.map(percent), summary(values)];
}

function survivalOf(report: RunReport) {
  const found = new Map(report.events.map(({ step, filters }) => [step, filters]));
  const checks = report.checks.map((step) => ({ step, filters: found.get(step) ?? [] }));
  return survival(checks, report.kernelShape[3], Uint8Array.from(report.arms.craft?.inactive ?? []));
}

/** Median novelty of an arm's active filters against Standard with the other seeds, by seed: like beside like. */
function noveltyOf(reports: readonly RunReport[], name: 'standard' | 'craft'): ReadonlyMap<number, number> {
  const layers = (arm: 'standard' | 'craft') =>
    new Map(
      reports.flatMap((report) => {
        const ended = report.arms[arm];
        if (ended === undefined) return [];
        const kernel = Float32Array.from(ended.kernel);
        return [
          [
            report.config.seed,
            { kernel, shape: report.kernelShape, inactive: Uint8Array.from(ended.inactive), reactivated: [] },
          ],
        ];
      }),
    );
  return noveltyBySeed(layers(name), layers('standard'));
}

/** "−0.2 to +2.8", as the conclusion of a run of both arms has it. */
function intervalOf({ conclusion }: RunReport): string {
  return /95 % interval ([^)]+)\)/.exec(conclusion.join(' '))?.[1] ?? '-';
}

function table(reports: readonly RunReport[]): string {
  const last = (values: readonly number[] | undefined) => values?.at(-1);
  const novelty = { standard: noveltyOf(reports, 'standard'), craft: noveltyOf(reports, 'craft') };
  const rows: Row[] = [
    ['', ...reports.map(({ config }) => `seed ${config.seed}`), 'mean ± deviation'],
    ['---', ...reports.map(() => '---'), '---'],
    shareRow('inactive, standard', reports, ({ arms }) => last(arms.standard?.inactiveShare)),
    shareRow('inactive, CRAFT', reports, ({ arms }) => last(arms.craft?.inactiveShare)),
    shareRow('inactive by norm (scale-free), standard', reports, ({ arms }) =>
      last(arms.standard?.relativeInactiveShare),
    ),
    shareRow('inactive by norm (scale-free), CRAFT', reports, ({ arms }) => last(arms.craft?.relativeInactiveShare)),
    shareRow('unused, standard', reports, ({ arms }) => last(arms.standard?.unusedShare)),
    shareRow('unused, CRAFT', reports, ({ arms }) => last(arms.craft?.unusedShare)),
    shareRow('held-out accuracy, standard', reports, ({ arms }) => arms.standard?.accuracy.at(-1)?.value),
    shareRow('held-out accuracy, CRAFT', reports, ({ arms }) => arms.craft?.accuracy.at(-1)?.value),
    shareRow('accuracy, CRAFT - standard', reports, ({ arms }) => {
      const [craft, standard] = [arms.craft?.accuracy.at(-1)?.value, arms.standard?.accuracy.at(-1)?.value];
      return craft === undefined || standard === undefined ? undefined : craft - standard;
    }),
    ['95 % interval of each, in points', ...reports.map(intervalOf), ''],
    [
      'filters re-activated',
      ...reports.map(({ events }) => String(events.reduce((sum, e) => sum + e.filters.length, 0))),
      '',
    ],
    shareRow('of these active at the next check', reports, (report) => survivalOf(report).atNextCheck),
    shareRow('of these active at the end', reports, (report) => survivalOf(report).atEnd),
    shareRow('novelty of CRAFT against standard of the other seeds (median)', reports, ({ config }) =>
      novelty.craft.get(config.seed),
    ),
    shareRow('control: standard against standard of the other seeds', reports, ({ config }) =>
      novelty.standard.get(config.seed),
    ),
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const reports = process.argv.slice(2).map((file): RunReport => JSON.parse(readFileSync(file, 'utf8')));
const [first] = reports;
if (first === undefined) throw new Error('Name the run.json files of the runs to tabulate.');
console.log(
  `${first.backend} on ${first.adapter}; ${first.config.steps} steps, ${first.data.identities} people trained on, ${first.data.pairs} held-out pairs\n`,
);
console.log(table(reports));
