import { useComputedColorScheme } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { formatNumber } from '../../../config/quantity.ts';
import { stopStep } from '../../../craft/schedule.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import { craftSwitches } from '../../../record/craft-switches.ts';
import { stepAt } from '../../../record/figures/step-ticks.ts';
import { useRun, useRunState } from '../../state/store-context.tsx';
import { look, pinStep, pointAtFilter, unpoint, useReadoutStep, useView } from '../../state/view-store.ts';
import { SeamMarks } from '../seam-marks.tsx';
import { StepAxis } from '../step-axis.tsx';
import { SwitchMarks } from '../switch-marks.tsx';
import { useFilterOrder } from '../use-filter-order.ts';
import { useSameYet } from '../use-same-yet.ts';
import styles from './heatmap.module.css';
import { HeatmapPainter } from './heatmap-painter.ts';
import { NormsTable } from './norms-table.tsx';
import { paintOverlay } from './overlay.ts';

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
  const pinnedStep = useView((view) => view.pinnedStep);
  const by = useView((view) => view.rowOrder);
  const scheme = useComputedColorScheme('light');
  const [inside, setInside] = useState(false);
  const { ref: sizeRef, width, height } = useElementSize();
  const plot = useRef<HTMLDivElement>(null);
  const plotRef = useMergedRef(sizeRef, plot);
  const data = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [painter] = useState(() => new HeatmapPainter());
  const same = useSameYet();
  const steps = useRunState(({ config }) => config.steps);
  const order = useFilterOrder(run, arm, { by, held: inside });

  const record = run?.arms[arm];
  const totalSteps = run?.totalSteps ?? 1;
  const pixelWidth = Math.round(width * window.devicePixelRatio);
  const ticks = record?.norms.at()?.step ?? 0;
  const framed = useMemo(() => [...(pointed ?? []), ...(pinned ?? [])], [pointed, pinned]);

  useEffect(() => {
    if (data.current === null || record === undefined || order.length === 0) return;
    painter.paint(data.current, { norms: record.norms, order, totalSteps, ceiling });
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the events array grows in place, `ticks` changes with it.
  useEffect(() => {
    if (overlay.current === null || run === undefined) return;
    const style = getComputedStyle(overlay.current);
    paintOverlay(overlay.current, width, height, {
      order,
      events: run.events.filter((event) => event.arm === arm),
      totalSteps,
      framed,
      step: ticks,
      focus: style.getPropertyValue('--focus'),
      event: style.getPropertyValue('--event'),
    });
  }, [run, arm, order, framed, ticks, width, height, totalSteps, scheme]);

  const stepUnder = (event: MouseEvent) => {
    const box = plot.current?.getBoundingClientRect();
    if (run === undefined || box === undefined) return undefined;
    return Math.min(run.step, stepAt((event.clientX - box.left) / box.width, totalSteps));
  };
  const follow = (event: MouseEvent) => {
    look({ hoverStep: stepUnder(event) });
    const box = plot.current?.getBoundingClientRect();
    const filter = box && order[Math.floor(((event.clientY - box.top) / box.height) * order.length)];
    if (filter !== undefined) pointAtFilter(arm, filter);
  };
  const pin = (event: MouseEvent) => {
    const step = stepUnder(event);
    if (run !== undefined && step !== undefined) pinStep(step, run.eventSteps, totalSteps);
  };
  const inactive = run === undefined ? 0 : (record?.layerAt()?.inactiveCount ?? 0);
  const filters = record?.filters ?? 0;
  const label =
    record === undefined
      ? `Norms of the filters, ${ARM_LABELS[arm]}. Nothing yet.`
      : `Norms of ${filters} filters, ${ARM_LABELS[arm]}, step 0 to ${formatNumber(ticks)}. ${inactive} inactive now.`;
  const stop = run === undefined || arm !== 'craft' ? undefined : stopStep(totalSteps, run.config);
  return (
    <div className={styles.heatmap}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: from the keyboard, the charts' slider pins a step. */}
      <div
        ref={plotRef}
        className={styles.plot}
        role="img"
        aria-label={label}
        data-testid={`heatmap-${arm}`}
        data-step={ticks}
        data-framed={framed.join(' ')}
        onPointerEnter={() => setInside(true)}
        onPointerMove={follow}
        onPointerLeave={() => {
          setInside(false);
          look({ hoverStep: undefined });
          unpoint();
        }}
        onClick={pin}
      >
        <canvas ref={data} key={`${pixelWidth}-${filters}`} width={pixelWidth} height={filters} />
        <canvas ref={overlay} className={styles.overlay} />
        {record === undefined && (
          <span className={styles.empty}>
            {arm === 'craft' && same !== undefined ? same.short : 'One row per filter, filling in from the left'}
          </span>
        )}
        {record === undefined && arm === 'craft' && same?.nextCheck !== undefined && (
          <span className={styles.stop} style={{ left: `${(same.nextCheck / steps) * 100}%` }} />
        )}
        {stop !== undefined && record !== undefined && (
          <span className={styles.stop} style={{ left: `${(100 * stop) / totalSteps}%` }}>
            <span>CRAFT stops at {run?.config.stopAt} %</span>
          </span>
        )}
        {pinnedStep !== undefined && pinnedStep !== cursor && run && (
          <span className={styles.cursor} data-pinned style={{ left: `${(pinnedStep / totalSteps) * 100}%` }} />
        )}
        {run && <SeamMarks seams={run.seams} totalSteps={totalSteps} />}
        {run && arm === 'craft' && (
          <SwitchMarks switches={craftSwitches(run.events)} totalSteps={totalSteps} step={run.step} span="none" />
        )}
        {cursor !== undefined && run && (
          <span className={styles.cursor} style={{ left: `${(cursor / totalSteps) * 100}%` }} />
        )}
      </div>
      <StepAxis totalSteps={run?.totalSteps ?? steps} cursor={run && cursor} />
      {run && record && <NormsTable run={run} arm={arm} />}
    </div>
  );
}
