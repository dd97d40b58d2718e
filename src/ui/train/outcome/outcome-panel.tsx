import { useRun } from '../../state/store-context.tsx';
import { NoveltySection } from './novelty-section.tsx';
import styles from './outcome-panel.module.css';
import { SurvivalSection } from './survival-section.tsx';

/** Survival and novelty of the re-activated filters. */
export function OutcomePanel() {
  const run = useRun();
  if (run === undefined) return null;
  return (
    <div className={styles.panel} data-testid="outcome">
      {run.config.arms !== 'standard' && <SurvivalSection run={run} />}
      <NoveltySection run={run} />
    </div>
  );
}
