import type { StudyCell } from '../../client/study-run.ts';
import { pairsWithStandard, shownRun } from '../../client/study-shown-run.ts';
import { STANDARD } from '../../config/arm.ts';
import type { Cell } from '../../study/cells.ts';
import { openRead } from '../state/open-run.ts';
import type { PastRuns } from '../state/past-runs.ts';
import type { RunStore } from '../state/run-state.ts';
import { openScreen } from '../state/view-store.ts';
import { setStudy, studyRuns, useStudy } from './study-store.ts';

/** Opens the run of a cell in Train, beside Standard of the same seed where one run can show both. */
export async function openCell(store: RunStore, past: PastRuns, { cell }: StudyCell): Promise<void> {
  const { study } = useStudy.getState();
  if (study === undefined) return;
  const standard = pairsWithStandard(cell)
    ? study.cells.find((one) => isStandardOf(one, cell) && one.phase === 'done')?.cell
    : undefined;
  const load = (one: Cell) => studyRuns.load(study.runIdOf(one));
  const opened = await openRead(store, past, async () => {
    const beside = standard === undefined ? undefined : await load(standard).catch(() => undefined);
    return shownRun(await load(cell), cell, beside);
  });
  if (opened) return openScreen('train');
  setStudy({ trouble: past.state.getState().openFailure });
  past.set({ openFailure: undefined });
}

function isStandardOf({ cell }: StudyCell, { seed, axes }: Cell): boolean {
  return cell.seed === seed && cell.axes === axes && cell.condition.name === STANDARD.name;
}
