import { mean } from '../config/average.ts';
import { formatFixed, formatNumber, formatPercent } from '../config/quantity.ts';
import type { Interval } from '../verification/bootstrap.ts';
import { type Comparison, isTest, type StudyAnalysis } from './analysis.ts';
import { HELD_OUT } from './plan.ts';
import { NULL_CHECK_SEEDS, type NullCheck } from './statistics/null-check.ts';
import { excludesZero, type PairedStatistics } from './statistics/paired.ts';
import { FEWEST_SEEDS, LEVEL, seedsNeeded } from './statistics/power.ts';

/** The claims that hold for a condition, in words. */
export interface StudyVerdict {
  /** Two clauses: the first layer, and the accuracy on the chosen evaluation. */
  readonly headline: string;
  /** Seeds, interval, and the seeds that half a point and one point take. */
  readonly detail: string;
  /** How often the same rule claims a difference between seeds of Standard. */
  readonly check: string;
  /** Seeds that were planned are missing. */
  readonly interim: boolean;
}

/** The verdict on a condition at one point of the axes, by the accuracy of one evaluation. */
export function verdictOn(
  analysis: Pick<StudyAnalysis, 'complete' | 'planned' | 'added' | 'comparisons' | 'nullChecks'>,
  { axes, condition, benchmark }: { readonly axes: string; readonly condition: string; readonly benchmark: string },
  twoWay: (comparison: Comparison) => Interval | undefined = () => undefined,
): StudyVerdict {
  const { complete, planned, added, comparisons, nullChecks } = analysis;
  const here = comparisons.filter((one) => one.axes === axes && one.condition === condition);
  const inactive = here.find(({ outcome }) => outcome.measure === 'inactive_share');
  const accuracy = here.find(({ outcome }) => isTest(outcome) && outcome.benchmark === benchmark);
  const name = condition === 'craft' ? 'CRAFT' : condition;
  const clauses = [inactiveClause(name, inactive), accuracyClause(accuracy, accuracy && twoWay(accuracy))];
  const seeds =
    complete < planned
      ? `So far ${complete} of ${planned} seeds are complete.`
      : `${planned} ${planned === 1 ? 'seed' : 'seeds'}.`;
  const late =
    added === 0
      ? []
      : [
          `${formatNumber(added)} of the ${formatNumber(planned)} ${added === 1 ? 'was' : 'were'} added after the plan.`,
        ];
  return {
    headline: `${upperFirst(clauses.join('; '))}.`,
    detail: [seeds, ...late, ...inactiveDetail(inactive, complete), ...accuracyDetail(accuracy, twoWay)].join(' '),
    check: checkText(
      nullChecks.find((one) => one.axes === axes && isTest(one.outcome) && one.outcome.benchmark === benchmark)?.check,
    ),
    interim: complete < planned,
  };
}

function checkText(check: NullCheck | undefined): string {
  if (check === undefined) {
    return `Standard against Standard, by the same rule, from ${NULL_CHECK_SEEDS} seeds on. At most about 5 % is expected.`;
  }
  const share = formatPercent(check.claims / check.pairings, 1);
  return `Standard against Standard: a difference in ${formatNumber(check.claims)} of ${formatNumber(check.pairings)} pairings, ${share}. At most about 5 % is expected.`;
}

/** "held-out pairs", or the evaluation's own name. */
export function benchmarkLabel(benchmark: string): string {
  return benchmark === HELD_OUT ? 'held-out pairs' : benchmark;
}

/** A difference of shares in points with two decimals: "+0.12". */
export function pointsText(share: number): string {
  const text = formatFixed(100 * share, 2);
  if (/^−?0\.00$/.test(text)) return '0.00';
  return share > 0 ? `+${text}` : text;
}

/** "95 % interval −0.60 to +0.40". */
function intervalText([low, high]: Interval): string {
  return `95 % interval ${pointsText(low)} to ${pointsText(high)}`;
}

/** "the difference is −1.00 points in each of 3 seeds": no spread is known, and so no interval. */
function sameText({ mean: centre, seeds }: PairedStatistics): string {
  return `the difference is ${pointsText(centre)} points in each of ${seeds} seeds`;
}

function inactiveClause(name: string, comparison: Comparison | undefined): string {
  if (comparison?.statistics === undefined) return 'the inactive share is not compared yet';
  const { statistics, claimed } = comparison;
  const found = `${name} ${statistics.mean > 0 ? 'raises' : 'lowers'} the inactive share`;
  if (claimed) return found;
  // The interval of equal differences has no width, however few they are.
  const shown = statistics.deviation > 0 && excludesZero(statistics.interval);
  return shown ? `${found} by its interval alone` : `no difference of the inactive share is shown for ${name}`;
}

function inactiveDetail(comparison: Comparison | undefined, complete: number): readonly string[] {
  if (comparison?.statistics === undefined) return [];
  const { pairs, statistics, unlike } = comparison;
  const [standard, condition] = [mean(pairs.map((pair) => pair.standard)), mean(pairs.map((pair) => pair.condition))];
  // With the number of seeds where it is not the one that the verdict begins with.
  const from = statistics.seeds === complete ? '' : `, ${statistics.seeds} seeds`;
  const shares = `Inactive ${formatPercent(condition, 1)} against ${formatPercent(standard, 1)} in Standard`;
  return [
    statistics.deviation === 0
      ? `${shares}, ${sameText(statistics)}.`
      : `${shares}, difference ${intervalText(statistics.interval)} points${from}.`,
    ...(unlike === 0 ? [] : [`${leftOut(unlike)} of it: the two runs were read at different steps.`]),
  ];
}

function accuracyClause(comparison: Comparison | undefined, overPeople: Interval | undefined): string {
  const statistics = comparison?.statistics;
  if (comparison === undefined || statistics === undefined || statistics.seeds < FEWEST_SEEDS) {
    return 'too few seeds for a verdict on accuracy';
  }
  if (!comparison.claimed) return 'no accuracy difference can be claimed';
  const size = Math.abs(100 * statistics.mean);
  const points = size < 0.005 ? 'less than 0.01' : formatFixed(size, size < 0.095 ? 2 : 1);
  const { measure, benchmark } = comparison.outcome;
  const test = measure === 'tar' ? 'true-accept rate' : 'accuracy';
  const found = `${test} on ${benchmarkLabel(benchmark)} is ${points} points ${statistics.mean > 0 ? 'higher' : 'lower'}`;
  // The seeds share their pairs: without the interval over people nothing is known of others.
  if (overPeople === undefined) return `${found}, shown on these pairs`;
  return excludesZero(overPeople) ? found : `${found}, shown for these people only`;
}

function accuracyDetail(
  comparison: Comparison | undefined,
  twoWay: (comparison: Comparison) => Interval | undefined,
): readonly string[] {
  if (comparison === undefined) return [];
  const { unlike, tested } = comparison;
  const [fewest, most] = tested ?? [0, 0];
  return [
    ...testedDetail(comparison, twoWay(comparison)),
    ...(fewest === most ? [] : [`The seeds were tested on ${formatNumber(fewest)} to ${formatNumber(most)} pairs.`]),
    ...(unlike === 0
      ? []
      : [
          `${leftOut(unlike)}: the two runs were tested at different steps, or on other numbers of pairs than the rest.`,
        ]),
  ];
}

function leftOut(seeds: number): string {
  return `${seeds} ${seeds === 1 ? 'seed is' : 'seeds are'} left out`;
}

function testedDetail(
  { statistics, outcome, corrected, family, primary, claimed }: Comparison,
  overPeople: Interval | undefined,
): readonly string[] {
  if (statistics === undefined) return [];
  const { interval, deviation, seeds, p, smallestP } = statistics;
  const holm = primary || corrected === undefined ? '' : `, ${chanceText(corrected)} by Holm`;
  const on = `On ${benchmarkLabel(outcome.benchmark)}`;
  // Equal networks in every seed, as where nothing was re-activated: no spread is known.
  if (deviation === 0) {
    const same = `${on} ${sameText(statistics)}`;
    return [
      claimed ? `${same}, sign-flip p ${chanceText(p)}${holm}.` : `${same}, which gives no interval to judge by.`,
    ];
  }
  const found = `${on} ${pointsText(statistics.mean)} points, ${intervalText(interval)}, ${seeds} seeds, sign-flip p ${chanceText(p)}`;
  if (seeds < FEWEST_SEEDS) {
    return [`${found}: no p of ${seeds} seeds is below ${chanceText(smallestP)}, and a verdict needs ${FEWEST_SEEDS}.`];
  }
  // With the digits of the interval, so that both name one bound.
  const bound = formatFixed(Math.max(0.01, 100 * Math.max(...interval.map(Math.abs))), 2);
  return [
    `${found}${holm}; differences above ${bound} points are excluded on these pairs of people.`,
    ...(overPeople === undefined
      ? []
      : [`With people resampled as well, the interval is ${overPeople.map(pointsText).join(' to ')}.`]),
    `To show 0.5 points takes ${seedsText(seedsNeeded(deviation, 0.005, LEVEL / family))}, 1 point ${seedsText(seedsNeeded(deviation, 0.01, LEVEL / family))}${family === 1 ? '' : `, corrected for ${formatNumber(family)} comparisons`}.`,
  ];
}

function seedsText(seeds: number | undefined): string {
  return seeds === undefined ? `over ${formatNumber(10_000)} seeds` : `${formatNumber(seeds)} seeds`;
}

/** A p with two digits that say something, and as many as keep it on its side of 5 %: "0.031", "0.0498". */
export function chanceText(p: number): string {
  if (p >= 0.1) return p.toFixed(2);
  if (p < 0.0001) return '< 0.0001';
  const text = (digits: number): string => {
    const rounded = Number(p.toPrecision(digits));
    return rounded < LEVEL === p < LEVEL || digits > 15 ? String(rounded) : text(digits + 1);
  };
  return text(2);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
