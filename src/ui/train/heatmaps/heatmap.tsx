import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { formatNumber } from '../../../config/quantity.ts';
import type { ArmName } from '../../../training/events.ts';
import { ARM_LABELS } from '../../arm.ts';
import { useRun } from '../../store-context.tsx';
import { look, pinStep, useReadoutStep, useView } from '../../view-store.ts';
import { StepAxis } from '../step-axis.tsx';
import { stepAt } from '../step-ticks.ts';
import styles from './heatmap.module.css';
import { HeatmapPainter } from './heatmap-painter.ts';
import { NormsTable } from './norms-table.tsx';
import { paintOverlay } from './overlay.ts';
import { useRowOrder } from './use-row-order.ts';

interface HeatmapProps {
  readonly arm: ArmName;
  /** Norm at which the colour scale ends. */
  readonly ceiling: number;
}

/** Norms of an arm's filters over the run: a row a filter, strongest on top. */
export function Heatmap({ arm, ceiling }: HeatmapProps) {
  const run = useRun();
  const cursor = useReadoutStep();
  const pointed = useView((view) => (view.pointed?.arm === arm ? view.pointed.filters : undefined));
  const pinned = useView((view) => (view.pinnedFilter?.arm === arm ? view.pinnedFilter.filters : undefined));
  const scheme = useComputedColorScheme('light');
  const [inside, setInside] = useState(false);
  const { ref: sizeRef, width, height } = useElementSize();
  const plot = useRef<HTMLDivElement>(null);
  const plotRef = useMergedRef(sizeRef, plot);
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [painter] = useState(() => new HeatmapPainter());
  const order = useRowOrder(run, arm, inside);

  const record = run?.arms[arm];
  const totalSteps = run?.totalSteps ?? 1;
  const pixelWidth = Math.round(width * window.devicePixelRatio);
  const ticks = record?.norms.at()?.step ?? 0;
  const framed = pointed ?? pinned;

  useEffect(() => {
    if (data.current === null || record === undefined || order.length === 0) return;
    painter.paint(data.current, { norms: record.norms, order, totalSteps, ceiling });
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the events array grows in place, `ticks` tells when.
  useEffect(() => {
    if (overlay.current === null || run === undefined) return;
    const style = getComputedStyle(overlay.current);
    paintOverlay(overlay.current, width, height, {
      order,
      events: arm === 'craft' ? run.events : [],
      totalSteps,
      framed: framed ?? [],
      step: ticks,
      focus: style.getPropertyValue('--focus'),
      event: style.getPropertyValue('--event'),
    });
  }, [run, arm, order, framed, ticks, width, height, totalSteps, scheme]);

  const stepUnder = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    return box === undefined ? undefined : stepAt((event.clientX - box.left) / box.width, totalSteps);
  };
  const pin = (event: PointerEvent) => {
    const step = stepUnder(event);
    if (run === undefined || step === undefined) return;
    const at = Math.min(step, run.step);
    pinStep(at, run.eventSteps, totalSteps);
  };
  const inactive = run === undefined ? 0 : (record?.layerAt()?.inactiveCount ?? 0);
  const filters = record?.filters ?? 0;
  const label =
    record === undefined
      ? `Norms of the filters, ${ARM_LABELS[arm]}. Nothing yet.`
      : `Norms of ${filters} filters, ${ARM_LABELS[arm]}, step 0 to ${formatNumber(ticks)}. ${inactive} inactive now.`;
  const stop = run !== undefined && arm === 'craft' && run.config.stopAt < 100 ? run.config.stopAt : undefined;
  return (
    <div className={styles.heatmap}>
      <div
        ref={plotRef}
        className={styles.plot}
        role="img"
        aria-label={label}
        data-testid={`heatmap-${arm}`}
        data-step={ticks}
        onPointerEnter={() => setInside(true)}
        onPointerMove={(event) => run && look({ hoverStep: stepUnder(event) })}
        onPointerLeave={() => {
          setInside(false);
          look({ hoverStep: undefined });
        }}
        onPointerUp={pin}
      >
        <canvas ref={data} key={`${pixelWidth}-${filters}`} width={pixelWidth} height={filters} />
        <canvas ref={overlay} className={styles.overlay} />
        {record === undefined && <span className={styles.empty}>One row per filter, filling in from the left</span>}
        {stop !== undefined && (
          <span className={styles.stop} style={{ left: `${stop}%` }}>
            <span>CRAFT stops at {stop} %</span>
          </span>
        )}
        {cursor !== undefined && run && (
          <span className={styles.cursor} style={{ left: `${(cursor / totalSteps) * 100}%` }} />
        )}
      </div>
      {run && <StepAxis totalSteps={totalSteps} cursor={cursor} />}
      {run && record && <NormsTable run={run} arm={arm} />}
    </div>
  );
}
