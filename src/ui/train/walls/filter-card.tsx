import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import type { ArmName } from '../../../record/arm.ts';
import type { ShownLayer } from '../../../record/shown-layer.ts';
import { STATE_LABELS } from '../../kit/filter-tile.tsx';
import { KernelThumbnail } from '../../kit/kernel-thumbnail.tsx';
import styles from './filter-card.module.css';
import type { ShownCard } from './use-hover-card.ts';

const WIDTH = 316;
const HEIGHT = 158;
const GAP = 10;

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

/** The facts of the filter under the pointer. */
export function FilterCard({ id, run, arm, layer, size, shown, step }: FilterCardProps) {
  const { filter, tile } = shown;
  const { view, states, ranks } = layer;
  const state = states[filter] ?? 'weak';
  const filters = view.norms.length;
  const { last, times } = run.arms[arm]?.reactivationsOf(filter, step) ?? { last: -1, times: 0 };
  const below = tile.bottom + GAP + HEIGHT < window.innerHeight;
  const style = {
    left: Math.max(8, Math.min(tile.left - WIDTH / 2, window.innerWidth - WIDTH - 8)),
    top: below ? tile.bottom + GAP : tile.top - GAP - HEIGHT,
  };
  const label = STATE_LABELS[state];
  const contribution = view.use?.contributions[filter];
  return (
    <div id={id} role="tooltip" className={styles.card} style={style}>
      <div className={styles.head}>
        <b>Filter {filter}</b>
        <span className={styles.state} data-state={state}>
          {label.charAt(0).toUpperCase() + label.slice(1)}
        </span>
        <span className={styles.hint}>Enter pins</span>
      </div>
      <div className={styles.body}>
        {view.kernel && (
          <KernelThumbnail
            className={styles.pattern}
            kernel={view.kernel}
            filters={filters}
            filter={filter}
            size={size}
            drawn={view.kernelStep}
          />
        )}
        <dl>
          <dt>Norm</dt>
          <dd>
            {(view.norms[filter] ?? 0).toFixed(2)}, rank {ranks[filter]} of {filters}
          </dd>
          <dt>Largest |w|</dt>
          <dd>{(view.maxAbs[filter] ?? 0).toFixed(3)}</dd>
          {contribution !== undefined && (
            <>
              <dt>Use by the next layer</dt>
              <dd>
                {contribution.toPrecision(2)}
                {layer.unused.has(filter) ? ', unused' : ''}
              </dd>
            </>
          )}
          {arm === 'craft' && (
            <>
              <dt>Re-activated</dt>
              <dd>{last < 0 ? 'never' : `${formatNumber(Math.max(0, (step ?? run.step) - last))} steps ago`}</dd>
              <dt>Times so far</dt>
              <dd>{times}</dd>
            </>
          )}
        </dl>
      </div>
    </div>
  );
}
