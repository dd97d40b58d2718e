import type { FilterState } from '../../../record/shown-layer.ts';
import tiles from '../../kit/filter-tile.module.css';
import { UnusedMark } from '../../kit/filter-tile.tsx';
import styles from '../../kit/wall-legend.module.css';
import { look, useView } from '../../state/view-store.ts';
import { OrderControl } from '../order-control.tsx';

const LEGEND: readonly (readonly [FilterState, string])[] = [
  ['strong', 'Strong'],
  ['weak', 'Weak'],
  ['inactive', 'Inactive'],
  ['reactivated', 'Just re-activated'],
];

/** The meaning of the tiles' marks, and the order of the tiles. */
export function WallLegend() {
  const order = useView((view) => view.tileOrder);
  const responding = useView(({ wallView }) => wallView === 'responses');
  return (
    <div className={styles.legend}>
      <ul>
        {LEGEND.map(([state, label]) => (
          <li key={state} data-tour={`legend-${state}`}>
            <span className={`${tiles.tile} ${styles.sample}`} data-state={state} aria-hidden="true">
              <span className={styles.pattern} />
            </span>
            {responding && state === 'reactivated' ? 'Re-activated' : label}
          </li>
        ))}
        <li title="Active, but the next layer uses next to nothing of it: below 5 % of its use of the strong filters">
          <UnusedMark />
          Unused
        </li>
      </ul>
      <OrderControl items="Tiles" value={order} onChange={(tileOrder) => look({ tileOrder })} />
    </div>
  );
}
