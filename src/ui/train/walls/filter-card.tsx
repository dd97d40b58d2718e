import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import type { ShownLayer } from '../../../record/shown-layer.ts';
import { ArmMark } from '../../kit/arm-mark.tsx';
import { STATE_LABELS } from '../../kit/filter-tile.tsx';
import { KernelParts } from '../../kit/kernel-parts.tsx';
import { KernelThumbnail } from '../../kit/kernel-thumbnail.tsx';
import styles from './filter-card.module.css';
import { FilterCurves } from './filter-curves.tsx';
import { FilterLife } from './filter-life.tsx';
import { FilterResponses } from './filter-responses.tsx';
import type { ShownCard } from './use-hover-card.ts';

const WIDTH = 472;
const GAP = 10;
/** Kept free at the edges of the window. */
const EDGE = 8;

interface FilterCardProps {
  readonly id: string;
  readonly run: RunRecord;
  readonly arm: ArmName;
  readonly layer: ShownLayer;
  /** Width and height of the kernel in weights. */
  readonly size: number;
  readonly shown: ShownCard;
  readonly step: number | undefined;
}

/** Everything known of the filter under the pointer or the focus: weights, response, life and its nearest in the other arm. */
export function FilterCard({ id, run, arm, layer, size, shown, step }: FilterCardProps) {
  const { filter } = shown;
  const { view, states, ranks } = layer;
  const state = states[filter] ?? 'weak';
  const filters = view.norms.length;
  const { last } = run.arms[arm]?.reactivationsOf(filter, step) ?? { last: -1 };
  const label = STATE_LABELS[state];
  const alive = last >= 0 && state !== 'inactive';
  const use = view.use?.contributions[filter];
  const { ref, style } = usePlace(shown);
  return (
    <div id={id} ref={ref} role="tooltip" className={styles.card} style={style} data-testid="filter-card">
      <div className={styles.head}>
        <ArmMark arm={arm} />
        <b>
          Filter {filter}, {ARM_LABELS[arm]}
        </b>
        <span className={styles.state} data-state={alive ? 'reactivated' : state}>
          {alive ? `▲ Re-activated at ${formatNumber(last)}` : label.charAt(0).toUpperCase() + label.slice(1)}
        </span>
        <span className={styles.hint}>Enter pins</span>
      </div>
      <div className={styles.body}>
        {view.kernel && (
          <>
            <KernelThumbnail
              className={styles.pattern}
              kernel={view.kernel}
              filters={filters}
              filter={filter}
              size={size}
              drawn={view.kernelStep}
            />
            <KernelParts kernel={view.kernel} filters={filters} filter={filter} size={size} drawn={view.kernelStep} />
          </>
        )}
        <dl>
          <dt>Norm</dt>
          <dd>{(view.norms[filter] ?? 0).toFixed(2)}</dd>
          <dt>Rank</dt>
          <dd>
            {ranks[filter]} of {filters}
          </dd>
          {use !== undefined && (
            <>
              <dt>Use</dt>
              <dd>
                {formatNumber(Number(use.toPrecision(2)))}
                {layer.unused.has(filter) ? ', unused' : ''}
              </dd>
            </>
          )}
          <dt>Max |w|</dt>
          <dd>{(view.maxAbs[filter] ?? 0).toFixed(3)}</dd>
        </dl>
      </div>
      <FilterResponses run={run} arm={arm} layer={layer} filter={filter} size={size} step={step} />
      <FilterCurves run={run} arm={arm} filter={filter} />
      <FilterLife run={run} arm={arm} layer={layer} filter={filter} size={size} step={step} />
    </div>
  );
}

/** Beside the tile where the window is wide enough, else below or above it; always whole within the window. */
function usePlace({ tile }: ShownCard) {
  const ref = useRef<HTMLDivElement>(null);
  const width = Math.min(WIDTH, window.innerWidth - 2 * EDGE);
  const right = tile.right + GAP + width <= window.innerWidth - EDGE;
  const left = tile.left - GAP - width >= EDGE;
  const beside = right || left;
  const x = right ? tile.right + GAP : left ? tile.left - GAP - width : tile.left + tile.width / 2 - width / 2;
  const style: CSSProperties = { width, left: Math.max(EDGE, Math.min(x, window.innerWidth - width - EDGE)) };
  // Its height is that of its contents, which change while it is shown.
  useLayoutEffect(() => {
    const card = ref.current;
    if (card === null) return;
    const height = card.offsetHeight;
    const below = tile.bottom + GAP + height <= window.innerHeight - EDGE;
    const wanted = beside ? tile.top - 60 : below ? tile.bottom + GAP : tile.top - GAP - height;
    card.style.top = `${Math.max(EDGE, Math.min(wanted, window.innerHeight - height - EDGE))}px`;
  });
  return { ref, style };
}
