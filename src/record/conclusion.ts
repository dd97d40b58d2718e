import { formatNumber, formatPercent } from '../config/quantity.ts';
import { signedPoints } from '../verification/points.ts';
import { type AccuracyDifference, isClear } from './accuracy-difference.ts';
import { armLabel } from './arm.ts';
import type { MeasuredRun } from './measured-run.ts';

/** A run's outcome in words. */
export interface Conclusion {
  readonly headline: string;
  /** The sentences that go beyond the headline. */
  readonly details: readonly string[];
  /** The counts, the finding of the accuracies on these networks, and the question they leave open. */
  readonly sentences: readonly string[];
}

/** An arm as it ended. */
interface ArmEnd {
  readonly name: string;
  readonly step: number;
  readonly filters: number;
  readonly inactive: number;
  /** Undefined in runs saved before it was measured. */
  readonly unused: number | undefined;
  /** Held-out accuracy as last measured, with its step. */
  readonly accuracy: { readonly value: number; readonly step: number } | undefined;
  readonly difference: (AccuracyDifference & { readonly step: number }) | undefined;
}

/**
 * The conclusion of a run so far: of its first arm and, where there is one, of the arm compared with it (`craft`, else
 * the second). Undefined before the first telemetry.
 *
 * One run is one seed: the words speak of these two networks and never of the method.
 */
export function conclusionOf(run: MeasuredRun): Conclusion | undefined {
  const names = Object.keys(run.arms);
  const compared = names.includes('craft') ? 'craft' : names[1];
  const [first, second] = [...new Set([names[0], compared])].flatMap((name) => armEnd(run, name) ?? []);
  if (first === undefined) return undefined;
  const counted = `${first.inactive} of ${first.filters} first-layer filters ${first.inactive === 1 ? 'is' : 'are'} inactive in the ${networkOf(first)}`;
  if (second === undefined) {
    const unused = first.unused === undefined ? undefined : `nused: ${first.unused}`;
    return conclude(counted, undefined, unused, accuracyOfOne(first));
  }
  if (first.step !== second.step) {
    const steps = [first, second].map((arm) => `${armLabel(arm.name)} at step ${formatNumber(arm.step)}`);
    const details = [`They were read at different steps: ${steps.join(', ')}.`];
    return { headline: 'The networks cannot be compared.', details, sentences: details };
  }
  const other = `${second.inactive}${second.filters === first.filters ? '' : ` of ${second.filters}`}`;
  const counts = `${counted}, ${other} ${second.name === 'craft' ? 'with CRAFT' : `in the ${networkOf(second)}`}`;
  const both = [first.unused, second.unused].every((count) => count !== undefined);
  const accuracy = accuracyOfTwo(first, second);
  return conclude(
    counts,
    accuracy.short,
    both ? `nused: ${first.unused} and ${second.unused}` : undefined,
    accuracy.long,
  );
}

/** `unused` lacks its first letter, since it begins a sentence in one place and ends one in the other. */
function conclude(counts: string, short: string | undefined, unused: string | undefined, long: string): Conclusion {
  return {
    headline: [`${counts}.`, ...(short === undefined ? [] : [short])].join(' '),
    details: [...(unused === undefined ? [] : [`U${unused}.`]), long],
    sentences: [`${counts}${unused === undefined ? '' : `; u${unused}`}.`, long],
  };
}

function accuracyOfOne({ accuracy }: ArmEnd): string {
  return accuracy === undefined ? NOT_MEASURED : `Held-out accuracy ${percent(accuracy.value)}.`;
}

function accuracyOfTwo(first: ArmEnd, second: ArmEnd): { readonly short: string; readonly long: string } {
  const { difference } = second;
  if (first.accuracy === undefined && second.accuracy === undefined) return { short: NOT_MEASURED, long: NOT_MEASURED };
  if (first.accuracy === undefined || second.accuracy === undefined || first.accuracy.step !== second.accuracy.step) {
    return { short: 'Accuracy was not compared.', long: 'The two accuracies were not measured at one step.' };
  }
  const values = `Held-out accuracy ${percent(first.accuracy.value)} and ${percent(second.accuracy.value)}`;
  if (difference === undefined || difference.step !== second.accuracy.step) {
    return {
      short: 'Accuracy was not compared.',
      long: `${values}; this run did not record the interval of their difference.`,
    };
  }
  const { value, low, high, pairs } = difference;
  if (value === 0 && low === 0 && high === 0) {
    return {
      short: 'Accuracy: no difference.',
      long: `${values}: both networks judge all ${formatNumber(pairs)} pairs alike.`,
    };
  }
  const evidence = `${formatNumber(pairs)} pairs, 95 % interval ${signedPoints(100 * low)} to ${signedPoints(100 * high)}`;
  if (!isClear(difference)) {
    return {
      short: 'Accuracy: no clear difference.',
      long: `${values}: these two networks cannot be told apart (${evidence}). Another seed may turn it round.`,
    };
  }
  const better = value > 0 ? second : first;
  const points = Math.abs(100 * value).toFixed(1);
  return {
    short: `${armLabel(better.name)} is more accurate by ${points} points, these two networks only.`,
    long: `${values}: of these two networks the ${networkOf(better)} is more accurate (${evidence}). Another seed may turn it round.`,
  };
}

const NOT_MEASURED = 'Accuracy was not measured.';

function networkOf({ name }: ArmEnd): string {
  return name === 'standard' ? 'standard network' : `${armLabel(name)} network`;
}

/** A share in per cent with one decimal, its unit kept on the line. */
function percent(share: number): string {
  return formatPercent(share, 1);
}

function armEnd(run: MeasuredRun, name: string | undefined): ArmEnd | undefined {
  const arm = name === undefined ? undefined : run.arms[name];
  const layer = arm?.layerAt();
  if (name === undefined || arm === undefined || layer === undefined) return undefined;
  const verified = arm.verification.at();
  return {
    name,
    step: layer.step,
    filters: arm.filters,
    inactive: layer.inactiveCount,
    unused: layer.use?.unused.reduce((count, flag) => count + flag, 0),
    accuracy: verified && { value: verified.row[0] ?? Number.NaN, step: verified.step },
    difference: arm.differenceAt(),
  };
}
