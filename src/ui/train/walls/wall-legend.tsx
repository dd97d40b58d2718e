import type { FilterState } from '../shown-layer.ts';
import tiles from './filter-tile.module.css';
import styles from './wall-legend.module.css';

const LEGEND: readonly (readonly [FilterState, string])[] = [
  ['strong', 'Strong'],
  ['weak', 'Weak'],
  ['inactive', 'Inactive'],
  ['reactivated', 'Just re-activated'],
];

/** What the marks of the tiles mean. */
export function WallLegend() {
  return (
    <ul className={styles.legend}>
      {LEGEND.map(([state, label]) => (
        <li key={state}>
          <span className={`${tiles.tile} ${styles.sample}`} data-state={state} aria-hidden="true">
            <span className={styles.pattern} />
          </span>
          {label}
        </li>
      ))}
      <li className={styles.hint}>Arrow keys move between filters</li>
    </ul>
  );
}
