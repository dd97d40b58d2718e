import type { SeamEntry } from '../../record/run-history.ts';
import styles from './seam-marks.module.css';

interface SeamMarksProps {
  readonly seams: readonly SeamEntry[];
  readonly totalSteps: number;
  /** Space left and right of the plot, in pixels. */
  readonly left?: number;
  readonly right?: number;
}

/** A fine line at each step where the run resumed from a checkpoint; the event list says why. */
export function SeamMarks({ seams, totalSteps, left = 0, right = 0 }: SeamMarksProps) {
  return seams.map(({ step }) => (
    <span
      key={step}
      className={styles.seam}
      data-testid="seam-mark"
      style={{ left: `calc(${left}px + (100% - ${left + right}px) * ${step / totalSteps})` }}
    />
  ));
}
