import { armConfig, CRAFT } from '../config/arm.ts';
import { CONFIG_KEYS, fieldOf } from '../config/run-config.ts';
import type { Cell } from '../study/cells.ts';
import type { OpenedRun } from '../worker/runs/kept-run.ts';

/** Whether a condition differs from Standard in nothing but CRAFT's own settings, so that one run can show both. */
export function pairsWithStandard({ condition }: Pick<Cell, 'condition'>): boolean {
  const keys = CONFIG_KEYS.filter((key) => Object.hasOwn(condition.settings, key));
  return condition.name !== 'standard' && keys.every((key) => fieldOf(key).group === 'craft');
}

/**
 * The run of a cell as the Train screen shows runs, which knows the arms Standard and CRAFT: the condition is its CRAFT
 * arm. With `standard`, the run of Standard with the same seed, both are shown side by side.
 */
export function shownRun(run: OpenedRun, { condition }: Pick<Cell, 'condition'>, standard?: OpenedRun): OpenedRun {
  const { name } = condition;
  if (name === 'standard') return run;
  const beside = standard?.checkpoint.step === run.checkpoint.step ? standard : undefined;
  const config = { ...armConfig(run.checkpoint.config, condition), arms: beside ? 'both' : 'craft' } as const;
  const own = run.history.arms[name];
  const arms = { ...(beside?.history.arms ?? {}), ...(own === undefined ? {} : { craft: own }) };
  const events = run.history.events.map((event) => ({ ...event, arm: CRAFT.name }));
  const figures = run.kept.figures[name];
  return {
    ...run,
    kept: {
      ...run.kept,
      config,
      figures: { ...(beside?.kept.figures ?? {}), ...(figures === undefined ? {} : { craft: figures }) },
    },
    history: { ...run.history, arms, events },
    checkpoint: {
      ...run.checkpoint,
      config,
      arms: [...(beside?.checkpoint.arms ?? []), ...run.checkpoint.arms.map(({ state }) => ({ ...CRAFT, state }))],
    },
    arms: [...(beside?.arms ?? []), ...run.arms.map((arm) => ({ ...arm, ...CRAFT }))],
  };
}
