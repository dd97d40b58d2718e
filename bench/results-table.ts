import { readFileSync } from 'node:fs';
import type { RunReport } from '../src/cli/run-report.ts';
import { median } from '../src/craft/filter-bank.ts';
import { novelty } from '../src/craft/novelty.ts';
import { survival } from '../src/craft/survival.ts';

/*
 * Reads run.json files of paired runs that differ in their seed alone and prints the Markdown table of docs/results.md:
 *   npx tsx bench/results-table.ts runs/small-cfp96-*\/run.json
 */

type Row = readonly [label: string, ...cells: string[]];

const percent = (share: number | undefined) => (share === undefined ? '-' : `${(100 * share).toFixed(1)} %`);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample deviation, over seeds. */
function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / Math.max(1, values.length - 1));
}

function summary(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length < 2 ? '' : `${percent(mean(known))} ± ${(100 * spread(known)).toFixed(1)}`;
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

/** Median novelty of the active filters of one bank against another. */
function medianNovelty(of: RunReport, arm: 'standard' | 'craft', against: RunReport): number | undefined {
  const bank = of.arms[arm];
  const other = against.arms.standard;
  if (bank === undefined || other === undefined) return undefined;
  const values = novelty(
    Float32Array.from(bank.kernel),
    of.kernelShape,
    Float32Array.from(other.kernel),
    against.kernelShape,
    Uint8Array.from(other.inactive),
  );
  return median([...values].filter((_, filter) => bank.inactive[filter] === 0));
}

function table(reports: readonly RunReport[]): string {
  const last = (values: readonly number[] | undefined) => values?.at(-1);
  const next = (report: RunReport) => reports[(reports.indexOf(report) + 1) % reports.length];
  const rows: Row[] = [
    ['', ...reports.map(({ config }) => `seed ${config.seed}`), 'mean ± deviation'],
    ['---', ...reports.map(() => '---'), '---'],
    shareRow('inactive, standard', reports, ({ arms }) => last(arms.standard?.inactiveShare)),
    shareRow('inactive, CRAFT', reports, ({ arms }) => last(arms.craft?.inactiveShare)),
    shareRow('inactive by norm (scale-free), standard', reports, ({ arms }) =>
      last(arms.standard?.relativeInactiveShare),
    ),
    shareRow('inactive by norm (scale-free), CRAFT', reports, ({ arms }) => last(arms.craft?.relativeInactiveShare)),
    shareRow('held-out accuracy, standard', reports, ({ arms }) => arms.standard?.accuracy.at(-1)?.value),
    shareRow('held-out accuracy, CRAFT', reports, ({ arms }) => arms.craft?.accuracy.at(-1)?.value),
    shareRow('accuracy, CRAFT - standard', reports, ({ arms }) => {
      const [craft, standard] = [arms.craft?.accuracy.at(-1)?.value, arms.standard?.accuracy.at(-1)?.value];
      return craft === undefined || standard === undefined ? undefined : craft - standard;
    }),
    [
      'filters re-activated',
      ...reports.map(({ events }) => String(events.reduce((sum, e) => sum + e.filters.length, 0))),
      '',
    ],
    shareRow('of these active at the next check', reports, (report) => survivalOf(report).atNextCheck),
    shareRow('of these active at the end', reports, (report) => survivalOf(report).atEnd),
    shareRow('novelty of CRAFT against standard (median)', reports, (report) => medianNovelty(report, 'craft', report)),
    shareRow('control: standard against another seed', reports, (report) => {
      const other = next(report);
      return other === undefined || other === report ? undefined : medianNovelty(report, 'standard', other);
    }),
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
