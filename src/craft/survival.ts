/** A check of the first layer, as the run's re-activation events tell it. */
export interface Check {
  readonly step: number;
  /** Filters re-initialised at this check. */
  readonly filters: readonly number[];
  /** Set where inactive filters were left alone. */
  readonly skipped?: string;
  /** Filters found inactive at this check. Without it they are `filters`, or unknown where the check was skipped. */
  readonly inactive?: readonly number[];
}

/** How the filters of one check fared; shares are 0 to 1, and undefined where there is nothing to tell yet. */
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
  /** [filters], how often each was re-activated. */
  readonly reactivations: Uint32Array<ArrayBuffer>;
}

/**
 * Survival: of the filters re-activated at a check, the share still active at the next check and at the end.
 * `checks` in the order of their steps, those that found nothing included; `inactiveAtEnd` is [filters], 1 where the
 * filter is inactive at the end, and undefined while the run goes on.
 */
export function survival(checks: readonly Check[], filterCount: number, inactiveAtEnd?: Uint8Array): Survival {
  const reactivations = new Uint32Array(filterCount);
  const next = { survived: 0, of: 0 };
  const end = { survived: 0, of: 0 };
  const told = checks.flatMap((check, index): CheckSurvival[] => {
    if (check.filters.length === 0) return [];
    for (const f of check.filters) reactivations[f] = (reactivations[f] ?? 0) + 1;
    const deadAtNext = foundInactive(checks[index + 1]);
    const atNextCheck = share(check.filters, deadAtNext && ((f) => !deadAtNext.includes(f)), next);
    const atEnd = share(check.filters, inactiveAtEnd && ((f) => inactiveAtEnd[f] === 0), end);
    return [{ step: check.step, reactivated: check.filters.length, atNextCheck, atEnd }];
  });
  return {
    checks: told,
    atNextCheck: next.of === 0 ? undefined : next.survived / next.of,
    atEnd: end.of === 0 ? undefined : end.survived / end.of,
    reactivations,
  };
}

function foundInactive(check: Check | undefined): readonly number[] | undefined {
  if (check === undefined) return undefined;
  return check.inactive ?? (check.skipped === undefined ? check.filters : undefined);
}

/** The share of the filters that passes, added to the total; undefined where it cannot be known. */
function share(
  filters: readonly number[],
  passes: ((filter: number) => boolean) | undefined,
  total: { survived: number; of: number },
): number | undefined {
  if (passes === undefined) return undefined;
  const survived = filters.filter(passes).length;
  total.survived += survived;
  total.of += filters.length;
  return survived / filters.length;
}
