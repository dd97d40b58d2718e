import { formatNumber } from '../../config/quantity.ts';
import { fittingStepTicks, tickEnd } from '../../record/figures/step-ticks.ts';
import { useWidth } from '../kit/use-width.ts';
import styles from './step-axis.module.css';

interface StepAxisProps {
  readonly totalSteps: number;
  /** Step of the crosshair. */
  readonly cursor: number | undefined;
}

/** Widest digit of the fonts that the page may get at 11 px. */
const CHARACTER_WIDTH = 7;

/** The axis that heatmaps and charts share. */
export function StepAxis({ totalSteps, cursor }: StepAxisProps) {
  const { ref, width } = useWidth();
  const place = (step: number) => `${(step / totalSteps) * 100}%`;
  const labelWidth = (step: number) => tickText(step).length * CHARACTER_WIDTH;
  // The cursor's label would cover the ticks beside it.
  const clear = (step: number) => cursor === undefined || Math.abs(step - cursor) > totalSteps * 0.14;
  const ticks = width === 0 ? [] : fittingStepTicks(totalSteps, width, labelWidth);
  return (
    <div ref={ref} className={styles.axis} aria-hidden="true">
      {ticks.filter(clear).map((step) => (
        <span
          key={step}
          data-testid="axis-tick"
          className={styles.tick}
          style={{ left: place(step) }}
          data-end={tickEnd(step / totalSteps)}
        >
          {tickText(step)}
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

function tickText(step: number): string {
  return step === 0 ? 'step 0' : formatNumber(step);
}
