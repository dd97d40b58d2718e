import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { formatNumber } from '../../../config/quantity.ts';
import type { RunRecord } from '../../run-record.ts';
import { look, pinStep, useReadoutStep } from '../../view-store.ts';
import { stepAt } from '../step-ticks.ts';
import { PLOT_LEFT, PLOT_RIGHT } from './run-chart.tsx';
import styles from './step-cursor.module.css';

interface StepCursorProps {
  readonly run: RunRecord | undefined;
  readonly totalSteps: number;
  readonly children: ReactNode;
}

/** The crosshair of all charts: follows the pointer or the arrows; a click or Enter pins it. */
export function StepCursor({ run, totalSteps, children }: StepCursorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const cursor = useReadoutStep();
  if (run === undefined) return <div className={styles.cursor}>{children}</div>;

  const stepUnder = (event: PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    if (box === undefined) return undefined;
    const width = box.width - PLOT_LEFT - PLOT_RIGHT;
    return Math.min(run.step, stepAt((event.clientX - box.left - PLOT_LEFT) / width, totalSteps));
  };
  const pin = (event: PointerEvent) => {
    const step = stepUnder(event);
    if (step !== undefined) pinStep(step, run.eventSteps, totalSteps);
  };
  const now = cursor ?? run.step;
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
      ref={frame}
      className={styles.cursor}
      role="slider"
      tabIndex={0}
      aria-label="Step shown"
      aria-valuemin={0}
      aria-valuemax={run.step}
      aria-valuenow={now}
      aria-valuetext={valueText(run, now)}
      onPointerMove={(event) => look({ hoverStep: stepUnder(event) })}
      onPointerLeave={() => look({ hoverStep: undefined })}
      onPointerUp={pin}
      onBlur={() => look({ hoverStep: undefined })}
      onKeyDown={move}
    >
      {children}
    </div>
  );
}

function valueText(run: RunRecord, step: number): string {
  const share = (arm: 'standard' | 'craft') => {
    const value = run.arms[arm]?.inactiveShare.valueAt(step);
    return value === undefined
      ? ''
      : `, ${arm === 'craft' ? 'CRAFT' : 'Standard'} ${Math.round(value * 100)} % inactive`;
  };
  return `Step ${formatNumber(step)}${share('standard')}${share('craft')}`;
}
