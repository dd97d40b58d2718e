import { type KeyboardEvent, useCallback, useState } from 'react';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import { wallLayout } from '../../../record/figures/wall-layout.ts';
import { shownLayer, weakContrast } from '../../../record/shown-layer.ts';
import { FilterTile } from '../../kit/filter-tile.tsx';
import styles from '../../kit/filter-wall.module.css';
import { useWidth } from '../../kit/use-width.ts';
import { useFirstKernelShape } from '../../state/first-kernel-shape.ts';
import { useRun, useRunState } from '../../state/store-context.tsx';
import { useResponses } from '../../state/use-responses.ts';
import { useRunFace } from '../../state/use-run-face.ts';
import { pointAtFilter, togglePinnedFilter, unpoint, useView } from '../../state/view-store.ts';
import { useFilterOrder } from '../use-filter-order.ts';
import { FilterCard } from './filter-card.tsx';
import { useHoverCard } from './use-hover-card.ts';

/** Height of a wall in the design's page of 900 px. */
const HEIGHT_BUDGET = 182;
/** And where the charts are below the walls, and the page scrolls. */
const SCROLLED_BUDGET = 370;

/** The filters of an arm as tiles; arrows move among them, Enter pins one. */
export function FilterWall({ arm }: { readonly arm: ArmName }) {
  const run = useRun();
  const preview = useRunState((state) => state.preview);
  const pinnedStep = useView((view) => view.pinnedStep);
  const brightness = useView((view) => view.brightness);
  const by = useView((view) => view.tileOrder);
  const pinned = useView(({ pinnedFilter }) => (pinnedFilter?.arm === arm ? pinnedFilter.filters : undefined));
  const pointed = useView((view) => (view.pointed?.arm === arm ? view.pointed.filters : undefined));
  const { ref, width } = useWidth();
  const [focused, setFocused] = useState(0);
  const [inside, setInside] = useState({ pointer: false, focus: false });
  const card = useHoverCard();

  const layer = run && shownLayer(run, arm, pinnedStep);
  // A run starts from the filters that were shown before it, and says so once it has started.
  const source = layer?.view.kernel ?? (run?.started === undefined ? preview?.kernel : undefined);
  const { size, filters } = useFirstKernelShape();
  const responding = useView(({ wallView }) => wallView === 'responses');
  const responseScale = useView((view) => view.responseScale);
  const chosen = useRunFace(responding);
  const channels = layer === undefined ? preview?.channels : layer.view.channels;
  const responses = useResponses(responding ? source : undefined, channels, size, chosen?.face);
  const least = window.innerWidth < 1200 ? SCROLLED_BUDGET : HEIGHT_BUDGET;
  const budget = Math.max(least, Math.round((window.innerHeight - 112) * 0.235));
  const narrow = window.innerWidth < 768;
  const layout = wallLayout(filters, size, width || 340, narrow ? Number.POSITIVE_INFINITY : budget);
  const sharedScale = brightness === 'shared' && source !== undefined ? largest(source) : undefined;
  const { columns } = layout;
  const sorted = useFilterOrder(run, arm, { by, step: pinnedStep, held: inside.pointer || inside.focus });
  const order = sorted.length === filters ? sorted : Array.from({ length: filters }, (_, filter) => filter);

  const wasReborn = (filter: number) => (run?.arms[arm]?.reactivationsOf(filter, pinnedStep).times ?? 0) > 0;

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const place = order.indexOf(focused);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      ArrowUp: place - columns,
      ArrowDown: place + columns,
      Home: 0,
      End: filters - 1,
    };
    const to = order[moves[event.key] ?? -1];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    setFocused(to);
    event.currentTarget.querySelector<HTMLElement>(`[data-filter="${to}"]`)?.focus();
  };
  const pin = useCallback((filter: number) => togglePinnedFilter(arm, filter), [arm]);
  const showCard = card.point;
  const point = useCallback(
    (filter: number, element: HTMLElement) => {
      pointAtFilter(arm, filter);
      showCard(filter, element);
    },
    [arm, showCard],
  );
  const leave = (how: 'pointer' | 'focus') => {
    setInside((before) => ({ ...before, [how]: false }));
    card.hide();
    unpoint();
  };
  const reachable = focused < filters ? focused : (order[0] ?? 0);

  const rows = Array.from({ length: Math.ceil(filters / columns) }, (_, row) => row);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of tiles is no table. */}
      <div
        ref={ref}
        className={styles.wall}
        role="grid"
        tabIndex={-1}
        aria-label={`First-layer filters, ${ARM_LABELS[arm]}`}
        aria-rowcount={rows.length}
        aria-colcount={columns}
        data-testid={`filter-wall-${arm}`}
        style={{ rowGap: layout.rowGap }}
        onKeyDown={move}
        onPointerEnter={() => setInside((before) => ({ ...before, pointer: true }))}
        onPointerLeave={() => leave('pointer')}
        onFocus={() => setInside((before) => ({ ...before, focus: true }))}
        onBlur={() => leave('focus')}
      >
        {rows.map((row) => (
          // biome-ignore lint/a11y/useSemanticElements: see above.
          // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus.
          <div key={row} role="row" className={styles.row} style={{ columnGap: layout.columnGap }}>
            {order.slice(row * columns, (row + 1) * columns).map((filter) => {
              const state = layer?.states[filter] ?? 'weak';
              const norm = layer?.view.norms[filter];
              return (
                <FilterTile
                  key={filter}
                  arm={arm}
                  filter={filter}
                  filters={filters}
                  state={state}
                  unused={layer?.unused.has(filter) === true}
                  norm={norm}
                  rank={layer?.ranks[filter]}
                  side={layout.tile}
                  kernel={source}
                  kernelSize={size}
                  drawn={layer?.view.kernelStep ?? 0}
                  full={sharedScale}
                  responses={responses}
                  responseScale={responding ? responseScale : undefined}
                  reborn={responding && state !== 'inactive' && wasReborn(filter)}
                  contrast={state === 'weak' ? weakContrast(norm, layer?.strongNorm) : 1}
                  focusable={filter === reachable}
                  framed={pointed?.includes(filter) === true}
                  pinned={pinned?.includes(filter) === true}
                  described={card.shown?.filter === filter ? `${arm}-filter-card` : undefined}
                  onFocus={setFocused}
                  onPoint={point}
                  onPin={pin}
                />
              );
            })}
          </div>
        ))}
      </div>
      {card.shown && run && layer && (
        <FilterCard
          id={`${arm}-filter-card`}
          run={run}
          arm={arm}
          layer={layer}
          size={size}
          shown={card.shown}
          step={pinnedStep}
        />
      )}
    </>
  );
}

function largest(weights: Float32Array): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  return most;
}
