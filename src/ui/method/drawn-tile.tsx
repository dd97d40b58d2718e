import { IconTriangleFilled } from '@tabler/icons-react';
import type { FilterState } from '../../record/shown-layer.ts';
import tiles from '../kit/filter-tile.module.css';
import { KernelThumbnail } from '../kit/kernel-thumbnail.tsx';
import styles from './drawn-tile.module.css';

interface DrawnTileProps {
  /** [3 * 3 * 3]. */
  readonly weights: Float32Array;
  readonly state: FilterState;
  /** Width and height in CSS pixels, or 'fill' for those of its parent. */
  readonly side: number | 'fill';
  /** Said to those who cannot see it; without, the tile is decoration. */
  readonly label?: string;
}

/** A filter with the mark of its state, as in the walls of a run, but not to be pressed. */
export function DrawnTile({ weights, state, side, label }: DrawnTileProps) {
  const size = side === 'fill' ? '100%' : side;
  return (
    <span
      className={`${tiles.tile} ${styles.tile}`}
      data-state={state}
      style={{ width: size, height: side === 'fill' ? undefined : size }}
    >
      <KernelThumbnail className={tiles.pattern} kernel={weights} filters={1} filter={0} size={3} />
      {state === 'reactivated' && (
        <span className={tiles.badge} aria-hidden="true">
          <IconTriangleFilled size={6} />
        </span>
      )}
      {label !== undefined && <span className="visually-hidden">{label}</span>}
    </span>
  );
}
