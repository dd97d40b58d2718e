import type { ReactNode } from 'react';
import type { ArmName } from '../../../record/arm.ts';
import { useRun } from '../../state/store-context.tsx';
import { useReadoutStep, useView } from '../../state/view-store.ts';
import styles from './norms-card.module.css';

interface HeatmapReadoutProps {
  readonly arm: ArmName;
  /** Shown while no filter is pointed at. */
  readonly children: ReactNode;
}

/** The norm of the filter that is pointed at or pinned, at the crosshair's step: the heatmap's value header. */
export function HeatmapReadout({ arm, children }: HeatmapReadoutProps) {
  const run = useRun();
  const step = useReadoutStep();
  const shown = useView(({ pointed, pinnedFilter }) => (pointed?.arm === arm ? pointed : pinnedFilter));
  const filter = shown?.arm === arm && shown.filters.length === 1 ? shown.filters[0] : undefined;
  const norm = filter === undefined ? undefined : run?.arms[arm]?.norms.at(step)?.row[filter];
  if (norm === undefined) return children;
  return (
    <span className={styles.readout} data-testid={`heatmap-readout-${arm}`}>
      Filter {filter} <b>{norm.toFixed(2)}</b>
    </span>
  );
}
