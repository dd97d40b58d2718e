import { formatNumber } from '../../config/quantity.ts';
import { stepTicks } from '../../record/figures/step-ticks.ts';
import styles from './step-axis.module.css';

interface StepAxisProps {
  readonly totalSteps: number;
  /** Step of the crosshair. */
  readonly cursor: number | undefined;
}

/** The axis that heatmaps and charts share. */
export function StepAxis({ totalSteps, cursor }: StepAxisProps) {
  const place = (step: number) => `${(step / totalSteps) * 100}%`;
  // The cursor's label would cover the ticks beside it.
  const clear = (step: number) => cursor === undefined || Math.abs(step - cursor) > totalSteps * 0.14;
  return (
    <div className={styles.axis} aria-hidden="true">
      {stepTicks(totalSteps)
        .filter(clear)
        .map((step) => (
          <span key={step} className={styles.tick} style={{ left: place(step) }} data-end={edge(step / totalSteps)}>
            {step === 0 ? 'step 0' : formatNumber(step)}
          </span>
        ))}
      {cursor !== undefined && (
        <span className={styles.cursor} style={{ left: place(cursor) }}>
          {formatNumber(cursor)}
        </span>
      )}
    </div>
  );
}

function edge(share: number): 'left' | 'right' | undefined {
  if (share < 0.02) return 'left';
  return share > 0.96 ? 'right' : undefined;
}
