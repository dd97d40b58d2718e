import type { RunRecord } from '../../../client/run-record.ts';
import { formatFixed, formatNumber } from '../../../config/quantity.ts';
import { nearestFilter } from '../../../craft/nearest-filter.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import { filterLife, type LifeEvent } from '../../../record/filter-life.ts';
import type { ShownLayer } from '../../../record/shown-layer.ts';
import { KernelThumbnail } from '../../kit/kernel-thumbnail.tsx';
import styles from './filter-card.module.css';

/** Newest events of a filter that are named. */
const MOST_EVENTS = 3;

const LIFE_WORDS: Readonly<Record<LifeEvent['kind'], string>> = {
  died: 'died at',
  recovered: 'active again at',
  're-activated': 're-activated at',
};

const NO_EVENT = { active: 'never inactive when it was read', inactive: 'inactive since it was first read' } as const;

interface FilterLifeProps {
  readonly run: RunRecord;
  readonly arm: ArmName;
  readonly layer: ShownLayer;
  readonly filter: number;
  readonly size: number;
  readonly step: number | undefined;
}

/** The filter of the other arm that looks most like this one, and the events of this one's life. */
export function FilterLife({ run, arm, layer, filter, size, step }: FilterLifeProps) {
  const { view, states } = layer;
  const other: ArmName = arm === 'craft' ? 'standard' : 'craft';
  const kernel = run.arms[other]?.layerAt(step)?.kernel;
  const filters = run.arms[other]?.filters ?? 0;
  const comparable = kernel && view.kernel && kernel.length / filters === view.kernel.length / states.length;
  const nearest = comparable ? nearestFilter(view.kernel, states.length, filter, kernel, filters) : undefined;
  const record = run.arms[arm];
  const life = record === undefined ? [] : filterLife(record, filter, step);
  const named = life.slice(-MOST_EVENTS).map(({ kind, step: at }) => `${LIFE_WORDS[kind]} ${formatNumber(at)}`);
  return (
    <div className={styles.life}>
      {kernel && nearest && (
        <>
          <KernelThumbnail
            className={styles.nearest}
            kernel={kernel}
            filters={filters}
            filter={nearest.filter}
            size={size}
            drawn={view.kernelStep}
          />
          <span>
            <b>
              Nearest in {ARM_LABELS[other]}: filter {nearest.filter}
            </b>
            <br />
            cosine {formatFixed(nearest.cosine, 2)}: {likeness(nearest.cosine)}
          </span>
        </>
      )}
      <span className={styles.events}>
        {life.length === 0
          ? NO_EVENT[states[filter] === 'inactive' ? 'inactive' : 'active']
          : `${life.length > MOST_EVENTS ? '… ' : ''}${named.join(' · ')}`}
      </span>
    </div>
  );
}

function likeness(cosine: number): string {
  const size = Math.abs(cosine);
  const pattern = size > 0.9 ? 'nearly the same pattern' : size > 0.7 ? 'similar' : 'another pattern';
  return cosine < 0 && size > 0.7 ? `${pattern}, as its negative` : pattern;
}
