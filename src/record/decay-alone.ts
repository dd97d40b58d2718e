import { shrinkBetween } from '../config/dose.ts';
import type { RunConfig } from '../config/run-config.ts';
import type { DecayAlone } from '../craft/survival.ts';
import type { HistoryEvent } from './history-events.ts';

/** A check of a run, with the filters that it drew. */
type Reactivation = Extract<HistoryEvent, { readonly type: 'reactivation' }>;

/**
 * Weight decay alone, for filters of the run's own criterion; undefined where a filter is compared with others. `end` is
 * the last step, of a run that has finished.
 */
export function decayAloneOf(
  config: RunConfig,
  checks: readonly Reactivation[],
  end: number | undefined,
): DecayAlone | undefined {
  const { criterion, epsilon } = config;
  if (criterion !== 'maxAbs') return undefined;
  const largest = new Map(
    checks.map(({ step, after, filters }) => [
      step,
      // [k, k, channels, filters]: the filter is the fastest axis.
      filters.map((_, place) =>
        after.reduce(
          (most, weight, at) => (at % filters.length === place ? Math.max(most, Math.abs(weight)) : most),
          0,
        ),
      ),
    ]),
  );
  return {
    epsilon,
    shrink: (from, to) => shrinkBetween(config, from, to),
    largest: ({ step }) => largest.get(step) ?? [],
    ...(end === undefined ? {} : { end }),
  };
}
