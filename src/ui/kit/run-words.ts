import { describeDifference } from '../../config/difference.ts';
import { formatNumber } from '../../config/quantity.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { KeptRun } from '../../worker/runs/kept-run.ts';

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });
const YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });

/** When a run began, as a person says it: "14:02 today", "yesterday 14:02", "19 November". */
export function whenInWords(startedAt: number, now = Date.now()): string {
  const [then, today] = [new Date(startedAt), new Date(now)];
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (then.toDateString() === today.toDateString()) return `${TIME.format(then)} today`;
  if (then.toDateString() === yesterday.toDateString()) return `yesterday ${TIME.format(then)}`;
  return (then.getFullYear() === today.getFullYear() ? DAY : YEAR).format(then);
}

/** The title of a run: its name, else its start time. */
export function runTitle({ name, startedAt }: Pick<KeptRun, 'name' | 'startedAt'>): string {
  return name === undefined || name === '' ? whenInWords(startedAt) : name;
}

/** Its size and how far it got: "32 filters, 2 400 steps", "8 filters, stopped at step 900 of 2 400". */
export function sizeInWords({ config, step, end }: Pick<KeptRun, 'config' | 'step' | 'end'>): string {
  const filters = `${formatNumber(config.filters)} filters`;
  if (step >= config.steps) return `${filters}, ${formatNumber(config.steps)} steps`;
  const how = end === 'stopped' ? 'stopped at ' : end === 'failed' ? 'broke off at ' : '';
  return `${filters}, ${how}step ${formatNumber(step)} of ${formatNumber(config.steps)}`;
}

/** How a run's settings differ from those of now: "Same as now, but seed 2 instead of 1". */
export function differenceFromNow(config: RunConfig, now: RunConfig): string {
  const difference = describeDifference(config, now);
  return difference === '' ? 'Same settings as now' : `Same as now, but ${difference}`;
}

/** Bytes as a person reads them: "34 MB". */
export function bytesInWords(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${value < 10 ? value.toFixed(1) : formatNumber(Math.round(value))}\u00a0${unit}`;
}

/** The number of kept runs and their size: "12 kept in this browser, 34 MB." Nothing of none. */
export function keptInWords(runs: readonly { readonly bytes: number }[]): string {
  if (runs.length === 0) return '';
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  return `${formatNumber(runs.length)} kept in this browser, ${bytesInWords(bytes)}.`;
}
