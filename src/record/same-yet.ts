import { formatNumber } from '../config/quantity.ts';
import type { RunConfig } from '../config/run-config.ts';
import { nextCheck as checkAfter } from '../craft/schedule.ts';
import type { HistoryEvent } from './history-events.ts';

/** The facts of a run for `sameYet`; without events it has not started. */
export interface ComparedRun {
  readonly config: Pick<RunConfig, 'arms' | 'craft' | 'checkEvery' | 'stopAt'>;
  readonly totalSteps: number;
  readonly events?: readonly HistoryEvent[];
}

/** Why two arms show the same, and when that may change. */
export interface SameYet {
  /** For a narrow place. */
  readonly short: string;
  readonly text: string;
  /** Step of the next check; undefined where none is to come. */
  readonly nextCheck: number | undefined;
}

/**
 * Says why both arms are still the same network: until its first re-activation the CRAFT arm is bit-identical to the
 * standard one. Undefined where only one arm is shown, or once they differ.
 */
export function sameYet({ config, totalSteps, events = [] }: ComparedRun): SameYet | undefined {
  if (config.arms !== 'both') return undefined;
  const checked = events.filter((event) => event.type === 'reactivation');
  if (checked.some(({ filters }) => filters.length > 0)) return undefined;
  if (!config.craft) return never('CRAFT is switched off');
  const last = checked.at(-1);
  const nextCheck = checkAfter(last?.step ?? 0, totalSteps, config);
  if (nextCheck === undefined) return never(last === undefined ? 'No check lies in this run' : 'No check is left');
  const next = formatNumber(nextCheck);
  if (last === undefined) {
    return {
      short: `Nothing differs before the first check at step ${next}`,
      text: `Until its first check at step ${next}, CRAFT is the same network as Standard. The lines coincide, as they should.`,
      nextCheck,
    };
  }
  const found =
    last.skipped === undefined
      ? `Nothing was inactive at step ${formatNumber(last.step)}`
      : `Too few filters were active at step ${formatNumber(last.step)}`;
  return {
    short: `${found}. Next check at step ${next}`,
    text: `${found}, so both networks are still the same. Next check at step ${next}.`,
    nextCheck,
  };
}

function never(reason: string): SameYet {
  return {
    short: `${reason}: both networks are the same`,
    text: `${reason}, so CRAFT and Standard are the same network. The lines coincide, as they should.`,
    nextCheck: undefined,
  };
}
