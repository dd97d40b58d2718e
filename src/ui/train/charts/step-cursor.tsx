import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from 'react';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { ARM_LABELS, ARMS } from '../../../record/arm.ts';
import { stepAt } from '../../../record/figures/step-ticks.ts';
import { readoutText } from '../../../record/figures/value-axis.ts';
import { look, pinStep, useReadoutStep } from '../../state/view-store.ts';
import { PLOT_LEFT, PLOT_RIGHT } from './plot-margins.ts';
import styles from './step-cursor.module.css';

interface StepCursorProps {
  readonly run: RunRecord | undefined;
  readonly totalSteps: number;
  readonly children: ReactNode;
}

/**
 * The crosshair of all charts: follows the pointer or the arrows; a click or Enter pins it. It lies over the charts and
 * does not hold them: the contents of a slider are not read out.
 */
export function StepCursor({ run, totalSteps, children }: StepCursorProps) {
  return (
    <div className={styles.frame}>
      {children}
      {run && <StepSlider run={run} totalSteps={totalSteps} />}
    </div>
  );
}

function StepSlider({ run, totalSteps }: { readonly run: RunRecord; readonly totalSteps: number }) {
  const slider = useRef<HTMLDivElement>(null);
  const now = useReadoutStep() ?? run.step;

  const stepUnder = (event: MouseEvent) => {
    const box = slider.current?.getBoundingClientRect();
    if (box === undefined) return run.step;
    const width = box.width - PLOT_LEFT - PLOT_RIGHT;
    return Math.min(run.step, stepAt((event.clientX - box.left - PLOT_LEFT) / width, totalSteps));
  };
  const pin = (event: MouseEvent) => {
    // A click that no pointer made has no place.
    if (event.detail === 0) look({ pinnedStep: now });
    else pinStep(stepUnder(event), run.eventSteps, totalSteps);
  };
  const move = (event: KeyboardEvent) => {
    const stride = run.config.telemetryEvery * (event.shiftKey ? 10 : 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: now - stride,
      ArrowDown: now - stride,
      ArrowRight: now + stride,
      ArrowUp: now + stride,
      Home: 0,
      End: run.step,
    };
    const to = moves[event.key];
    if (to !== undefined) look({ hoverStep: Math.max(0, Math.min(run.step, to)) });
    else if (event.key === 'Enter') look({ pinnedStep: now });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={slider}
      className={styles.slider}
      role="slider"
      tabIndex={0}
      data-testid="pin-step"
      aria-label="Step shown. Enter pins it"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={run.step}
      aria-valuenow={now}
      aria-valuetext={valueText(run, now)}
      onPointerMove={(event) => look({ hoverStep: stepUnder(event) })}
      onPointerLeave={() => look({ hoverStep: undefined })}
      onClick={pin}
      onBlur={() => look({ hoverStep: undefined })}
      onKeyDown={move}
    />
  );
}

const SPOKEN = [
  ['inactiveShare', 'inactive'],
  ['verification', 'accuracy'],
  ['loss', 'loss'],
] as const;

/** "Step 1 000. Standard: inactive 44 %, loss 3.86. CRAFT: inactive 13 %, loss 2.96." */
function valueText(run: RunRecord, step: number): string {
  const values = ARMS.flatMap((arm) => {
    const readings = SPOKEN.flatMap(([name, word]) => {
      const value = run.arms[arm]?.[name].valueAt(step);
      return value === undefined ? [] : [`${word} ${readoutText(name, value)}`];
    });
    return readings.length === 0 ? [] : [` ${ARM_LABELS[arm]}: ${readings.join(', ')}.`];
  });
  return `Step ${formatNumber(step)}.${values.join('')}`;
}
