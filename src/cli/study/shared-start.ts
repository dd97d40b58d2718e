import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Arm, STANDARD } from '../../config/arm.ts';
import type { ConfigKey, RunConfig } from '../../config/run-config.ts';
import { nextCheck } from '../../craft/schedule.ts';
import { type RunArchive, readRunArchive, writeRunArchive } from '../../exchange/run-archive.ts';
import { MeasuredRun } from '../../record/measured-run.ts';
import type { Cell } from '../../study/cells.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import type { FiltersEvent } from '../../training/events.ts';
import type { Session } from '../../training/session.ts';
import { writeWhole } from '../files.ts';
import { folderOf, readIfThere } from './cell-files.ts';

/*
 * A condition that differs from Standard in nothing but its re-activations trains the very same network until its first
 * one. Standard's run therefore leaves behind its state at the last check that found every filter active, and its
 * conditions resume from there.
 */

const START = 'start.zip';

/** Settings that change the effect of a re-activation and not the step of the first one. */
const LATER: readonly ConfigKey[] = [
  'craft',
  'strategy',
  'strongShare',
  'stopAt',
  'resetOptimizer',
  'resetScale',
  'resetShift',
  'resetStatistics',
];

/** Follows a run of Standard for the last check at which nothing was inactive. */
export class StartWatch {
  /** The state there, after which the check is still to come: it finds nothing. */
  clean: Checkpoint | undefined;
  /** Steps between checks; undefined where there is none. */
  readonly #every: number | undefined;
  #watching: boolean;

  constructor(cell: Cell, from: unknown) {
    const { config, condition } = cell;
    this.#every = nextCheck(0, config.steps, { ...config, stopAt: 100 });
    // Every check has to be seen, from the first on.
    const seesAll = from === undefined && (this.#every ?? 1) % config.telemetryEvery === 0;
    this.#watching = condition.name === STANDARD.name && seesAll;
  }

  /** To be called at each report of the first layer, while the session waits. */
  async watch({ step, inactiveShare }: FiltersEvent, session: Pick<Session, 'checkpoint'>): Promise<void> {
    if (!this.#watching || this.#every === undefined) return;
    if (inactiveShare > 0) this.#watching = false;
    else if (step > 0 && step % this.#every === 0) this.clean = await session.checkpoint();
  }
}

/** Keeps a state of Standard for its conditions; `run` may hold readings of later steps. */
export function writeStart(out: string, standard: Cell, run: RunArchive): void {
  const { config, step } = run;
  const measured = run.history && MeasuredRun.of(config, config.steps, run.history);
  measured?.goOnFrom(step, 'closed');
  writeWhole(join(folderOf(out, standard), START), writeRunArchive({ ...run, history: measured?.history() }));
}

/**
 * Where a condition may begin: Standard's state before anything differs, as the condition's own; undefined without one.
 */
export function sharedStart(out: string, cell: Cell): RunArchive | undefined {
  const { condition, config } = cell;
  const path = startPath(out, cell);
  if (condition.name === STANDARD.name || !sharesStart(condition, config)) return undefined;
  const run = readIfThere(path, (bytes) => readRunArchive(bytes));
  if (run === undefined) return undefined;
  const { arms, history } = run;
  const own = history?.arms[STANDARD.name];
  const [standard] = arms;
  if (standard === undefined || history === undefined || own === undefined) return undefined;
  return {
    ...run,
    arms: [{ ...condition, state: standard.state }],
    history: { ...history, arms: { [condition.name]: own } },
  };
}

/** Takes the state away, when no condition needs it any more. */
export function dropStart(out: string, cell: Cell): void {
  rmSync(startPath(out, cell), { force: true });
}

/** Whether a condition is Standard until its first re-activation. */
function sharesStart({ settings }: Arm, config: RunConfig): boolean {
  return (
    config.craft &&
    Object.keys(settings).every((key) => LATER.some((later) => later === key)) &&
    settings.craft !== false
  );
}

function startPath(out: string, cell: Cell): string {
  return join(folderOf(out, { id: cell.standardId }), START);
}
