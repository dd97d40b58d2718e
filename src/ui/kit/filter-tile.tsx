import { IconTriangleFilled } from '@tabler/icons-react';
import { memo } from 'react';
import type { ResponseMaps } from '../../craft/response.ts';
import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import type { FilterState } from '../../record/shown-layer.ts';
import type { ResponseScale } from '../state/view-store.ts';
import styles from './filter-tile.module.css';
import { KernelThumbnail } from './kernel-thumbnail.tsx';
import { ResponseThumbnail } from './response-thumbnail.tsx';

/** States as they are read out. */
export const STATE_LABELS: Readonly<Record<FilterState, string>> = {
  strong: 'strong',
  weak: 'weak',
  inactive: 'inactive',
  reactivated: 'just re-activated',
};

interface FilterTileProps {
  /** Whose filter it is; undefined for one of a model from a file. */
  readonly arm: ArmName | undefined;
  readonly filter: number;
  readonly filters: number;
  readonly state: FilterState;
  /** The name of the state, where it differs from STATE_LABELS. */
  readonly stateLabel?: string;
  /** The next layer takes next to nothing of it, though it is active. */
  readonly unused?: boolean;
  readonly norm: number | undefined;
  readonly rank: number | undefined;
  /** Width and height in CSS pixels. */
  readonly side: number;
  readonly kernel: Float32Array | undefined;
  readonly kernelSize: number;
  readonly drawn: number;
  readonly full: number | undefined;
  readonly contrast: number;
  /** Shown instead of the weights. */
  readonly responses?: ResponseMaps | undefined;
  readonly responseScale?: ResponseScale | undefined;
  /** Response shown as white, where it is not the Train screen's. */
  readonly responseFull?: number | undefined;
  /** Re-activated at any time and alive. */
  readonly reborn?: boolean;
  readonly focusable: boolean;
  readonly framed: boolean;
  readonly pinned: boolean;
  readonly described: string | undefined;
  readonly onFocus: (filter: number) => void;
  readonly onPoint: (filter: number, element: HTMLElement) => void;
  readonly onPin: (filter: number) => void;
}

/** One filter; each state has a mark that needs no colour. */
export const FilterTile = memo(function FilterTile(props: FilterTileProps) {
  const { arm, filter, filters, state, norm, rank, side, kernel, kernelSize, onPoint, onFocus, onPin } = props;
  const unused = props.unused === true && state !== 'inactive';
  const measured = norm === undefined ? '' : `, norm ${norm.toFixed(2)}, rank ${rank} of ${filters}`;
  const spoken = norm === undefined ? '' : `, ${props.stateLabel ?? STATE_LABELS[state]}${unused ? ', unused' : ''}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a cell of a grid of tiles, not of a table.
    <div
      role="gridcell"
      className={styles.tile}
      data-testid="filter-tile"
      data-state={state}
      data-unused={unused || undefined}
      data-filter={filter}
      data-view={props.responseScale === undefined ? undefined : 'responses'}
      data-reborn={props.reborn || undefined}
      data-framed={props.framed || undefined}
      data-pinned={props.pinned || undefined}
      aria-selected={props.pinned}
      aria-label={`Filter ${filter}${arm === undefined ? '' : `, ${ARM_LABELS[arm]}`}${spoken}${measured}`}
      aria-describedby={props.described}
      tabIndex={props.focusable ? 0 : -1}
      style={{ width: side, height: side }}
      onPointerEnter={(event) => onPoint(filter, event.currentTarget)}
      onFocus={(event) => {
        onFocus(filter);
        onPoint(filter, event.currentTarget);
      }}
      onClick={() => onPin(filter)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        event.stopPropagation();
        onPin(filter);
      }}
    >
      {props.responses !== undefined && filter * props.responses.side < props.responses.values.length && (
        <ResponseThumbnail
          className={styles.response}
          testId="response-tile"
          maps={props.responses}
          filter={filter}
          scale={props.responseScale}
          full={props.responseFull}
        />
      )}
      {props.responseScale === undefined && kernel !== undefined && kernel.length > 0 && (
        <KernelThumbnail
          className={styles.pattern}
          kernel={kernel}
          filters={filters}
          filter={filter}
          size={kernelSize}
          full={props.full}
          contrast={props.contrast}
          drawn={props.drawn}
        />
      )}
      {unused && <UnusedMark className={styles.unused} />}
      {state === 'reactivated' && (
        <span className={styles.badge}>
          <IconTriangleFilled size={6} />
        </span>
      )}
    </div>
  );
});

/** The mark of a filter that is active and unused: a slash in a circle. */
export function UnusedMark({ className }: { readonly className?: string | undefined }) {
  return (
    <svg className={className} width={13} height={13} viewBox="0 0 13 13" aria-hidden="true">
      <circle cx={6.5} cy={6.5} r={5.5} fill="var(--surface)" stroke="var(--ink-2)" strokeWidth={1.25} />
      <path d="M3.2 9.8 9.8 3.2" stroke="var(--ink-2)" strokeWidth={1.25} />
    </svg>
  );
}
