/** A check of the first layer, as the run's re-activation events report it. */
export interface Check {
  readonly step: number;
  /** Filters re-initialised at this check. */
  readonly filters: readonly number[];
  /** Set where inactive filters were left alone. */
  readonly skipped?: string | undefined;
  /** Filters found inactive at this check. Without it they are `filters`, or unknown where the check was skipped. */
  readonly inactive?: readonly number[];
}

/** Weight decay alone, for the baseline: a filter without any gradient from its re-activation on. */
export interface DecayAlone {
  /** A filter is inactive while its largest |w| is below this. */
  readonly epsilon: number;
  /** The factor on a weight without a gradient between two steps: e^-D, with D the dose between them. */
  readonly shrink: (from: number, to: number) => number;
  /** Largest |w| of each filter of a check right after it, in the order of `filters`. */
  readonly largest: (check: Check) => readonly number[];
  /** The last step, for the baseline at the end; undefined while the run trains. */
  readonly end?: number;
}

/** How the filters of one check fared; shares are 0 to 1, and undefined where nothing is known yet. */
export interface CheckSurvival {
  readonly step: number;
  readonly reactivated: number;
  readonly atNextCheck: number | undefined;
  readonly atEnd: number | undefined;
}

export interface Survival {
  /** One entry for each check that re-activated something. */
  readonly checks: readonly CheckSurvival[];
  /** Over all checks together, each re-activation counted once. */
  readonly atNextCheck: number | undefined;
  readonly atEnd: number | undefined;
  /**
   * The same shares for filters that only decay: a new filter starts far above the threshold, so that most count as
   * active at the next check whether the network uses them or not. Undefined without `decay`.
   */
  readonly byDecayAlone: { readonly atNextCheck: number | undefined; readonly atEnd: number | undefined } | undefined;
  /** [filters], how often each was re-activated. */
  readonly reactivations: Uint32Array<ArrayBuffer>;
}

/**
 * Survival: of the filters re-activated at a check, the share still active at the next check and at the end.
 * `checks` in the order of their steps, those that found nothing included; `inactiveAtEnd` is [filters], 1 where the
 * filter is inactive at the end, and undefined while the run trains.
 */
export function survival(
  checks: readonly Check[],
  filterCount: number,
  inactiveAtEnd?: Uint8Array,
  decay?: DecayAlone,
): Survival {
  const reactivations = new Uint32Array(filterCount);
  const next = { survived: 0, of: 0 };
  const end = { survived: 0, of: 0 };
  const outcomes = checks.flatMap((check, index): CheckSurvival[] => {
    if (check.filters.length === 0) return [];
    for (const f of check.filters) reactivations[f] = (reactivations[f] ?? 0) + 1;
    const deadAtNext = foundInactive(checks[index + 1]);
    const atNextCheck = share(check.filters, deadAtNext && ((f) => !deadAtNext.includes(f)), next);
    const atEnd = share(check.filters, inactiveAtEnd && ((f) => inactiveAtEnd[f] === 0), end);
    return [{ step: check.step, reactivated: check.filters.length, atNextCheck, atEnd }];
  });
  return {
    checks: outcomes,
    atNextCheck: next.of === 0 ? undefined : next.survived / next.of,
    atEnd: end.of === 0 ? undefined : end.survived / end.of,
    byDecayAlone: decay && decayAlone(checks, decay),
    reactivations,
  };
}

/** The baseline over the same checks as the shares themselves. */
function decayAlone(checks: readonly Check[], decay: DecayAlone): Survival['byDecayAlone'] {
  const next = { survived: 0, of: 0 };
  const end = { survived: 0, of: 0 };
  checks.forEach((check, index) => {
    if (check.filters.length === 0) return;
    const largest = decay.largest(check);
    const activeAfter = (to: number) => {
      const factor = decay.shrink(check.step, to);
      return (_: number, place: number) => (largest[place] ?? 0) * factor >= decay.epsilon;
    };
    const following = checks[index + 1];
    const known = foundInactive(following) !== undefined;
    share(check.filters, following && known ? activeAfter(following.step) : undefined, next);
    share(check.filters, decay.end === undefined ? undefined : activeAfter(decay.end), end);
  });
  return {
    atNextCheck: next.of === 0 ? undefined : next.survived / next.of,
    atEnd: end.of === 0 ? undefined : end.survived / end.of,
  };
}

function foundInactive(check: Check | undefined): readonly number[] | undefined {
  if (check === undefined) return undefined;
  return check.inactive ?? (check.skipped === undefined ? check.filters : undefined);
}

/** The share of the filters that passes, added to the total; undefined where it cannot be known. */
function share(
  filters: readonly number[],
  passes: ((filter: number, place: number) => boolean) | undefined,
  total: { survived: number; of: number },
): number | undefined {
  if (passes === undefined) return undefined;
  const survived = filters.filter(passes).length;
  total.survived += survived;
  total.of += filters.length;
  return survived / filters.length;
}
