import { Button, SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useState } from 'react';
import { wallLayout } from '../../record/figures/wall-layout.ts';
import cards from '../kit/card.module.css';
import tiles from '../kit/filter-tile.module.css';
import { FilterTile } from '../kit/filter-tile.tsx';
import wall from '../kit/filter-wall.module.css';
import { Picture } from '../kit/picture.tsx';
import legends from '../kit/wall-legend.module.css';
import type { WallView } from '../state/view-store.ts';
import { AblationBar } from './ablation-bar.tsx';
import { byNorm, fullOf, STATE_WORDS, TILE_STATES } from './filter-mark.ts';
import styles from './inspect-wall.module.css';
import { inspection, useInspect, useTasks } from './page-inspect.ts';
import { useLayerResponses } from './use-layer-responses.ts';

/** A canvas a tile: more of them than this would make the page slow. */
const MOST_TILES = 512;
const HEIGHT_BUDGET = 250;
const SHOWS = {
  rgb: 'weights as red, green and blue',
  grey: 'one channel, in grey',
  strength: 'size of the weights over all channels, in grey',
} as const;
const LEGEND = ['active', 'weak', 'near-zero'] as const;

/** Every filter of the layer as a tile with its state's mark; arrows move, Enter chooses. */
export function InspectWall() {
  const { report, drawn, model, view, sort, selected } = useInspect((state) => state);
  const { ablating, off, changes } = useTasks((tasks) => tasks);
  const { ref, width } = useElementSize();
  const [wallView, setWallView] = useState<WallView>('weights');
  const answering = useLayerResponses(wallView === 'responses');
  if (report === undefined || drawn === undefined || model === undefined) return null;
  const { states, norms } = report.inspection[view];
  const ranked = byNorm(norms);
  const ranks = new Map(ranked.map((filter, place) => [filter, place + 1] as const));
  const order = (sort === 'norm' ? ranked : [...norms.keys()]).slice(0, MOST_TILES);
  const narrow = window.innerWidth < 768;
  // With more tiles than fit, the wall scrolls: tiles stay large enough to see.
  const budget = narrow ? Math.max(400, order.length * 7) : Math.max(HEIGHT_BUDGET, order.length * 3);
  const { columns, tile, columnGap, rowGap } = wallLayout(order.length, drawn.size, width || 600, budget);
  // A single weight would fill the wall.
  const side = Math.min(tile, 57);
  const full = fullOf(drawn);
  const select = (filter: number) => inspection.lookAt({ selected: filter });
  const first = report.layer === model.first;
  const pin = (filter: number) => {
    select(filter);
    if (ablating && first) inspection.tasks.toggle(filter);
  };
  const gone = new Set(first ? off : []);
  const bars = first && changes.size > 0;
  const most = Math.max(1e-9, ...changes.values());
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const at = order.indexOf(selected);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      Home: 0,
      End: order.length - 1,
    };
    const to = order[moves[event.key] ?? -1];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    select(to);
    event.currentTarget.querySelector<HTMLElement>(`[data-filter="${to}"]`)?.focus();
  };
  const title = report.layer === model.first ? 'First-layer filters' : `Filters of ${report.inspection.name}`;
  const rows = Array.from({ length: Math.ceil(order.length / columns) }, (_, row) => row);
  return (
    <section className={cards.card} aria-label={title}>
      <div className={`${cards.header} ${styles.head}`}>
        <h2 className={`${cards.title} ${styles.title}`}>{title}</h2>
        {answering.able && (
          <SegmentedControl<WallView>
            size="xs"
            withItemsBorders={false}
            aria-label="View of the wall"
            data-testid="wall-view"
            data={[
              { value: 'weights', label: 'Weights' },
              { value: 'responses', label: 'Responses' },
            ]}
            value={wallView}
            onChange={setWallView}
          />
        )}
        {answering.shown && (
          <>
            <Picture
              className={styles.face}
              picture={answering.picture}
              size={112}
              label="The face shown to the layer"
            />
            <Button variant="default" size="compact-xs" onClick={answering.another}>
              Another face
            </Button>
          </>
        )}
      </div>
      <div className={styles.body}>
        {/* biome-ignore lint/a11y/useSemanticElements: a grid of tiles is no table. */}
        <div
          ref={ref}
          className={wall.wall}
          role="grid"
          tabIndex={-1}
          aria-label={title}
          data-testid="inspect-wall"
          style={{ rowGap }}
          onKeyDown={move}
        >
          {rows.map((row) => (
            // biome-ignore lint/a11y/useSemanticElements: see above.
            // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus.
            <div key={row} role="row" className={wall.row} style={{ columnGap }}>
              {order.slice(row * columns, (row + 1) * columns).map((filter) => {
                const state = states[filter] ?? 'active';
                return (
                  <div
                    key={filter}
                    role="presentation"
                    className={styles.cell}
                    data-off={gone.has(filter) || undefined}
                  >
                    <FilterTile
                      arm={undefined}
                      filter={filter}
                      filters={norms.length}
                      state={TILE_STATES[state]}
                      stateLabel={gone.has(filter) ? `${STATE_WORDS[state]}, switched off` : STATE_WORDS[state]}
                      norm={norms[filter]}
                      rank={ranks.get(filter)}
                      side={side}
                      kernel={drawn.kernel}
                      kernelSize={drawn.size}
                      drawn={report.layer}
                      full={full}
                      responses={answering.maps}
                      responseScale={answering.shown ? 'fixed' : undefined}
                      responseFull={answering.full}
                      contrast={state === 'weak' ? 0.6 : 1}
                      focusable={filter === (order.includes(selected) ? selected : order[0])}
                      framed={false}
                      pinned={filter === selected}
                      described={undefined}
                      onFocus={select}
                      onPoint={ignore}
                      onPin={pin}
                    />
                    {gone.has(filter) && <CrossMark side={side} />}
                    {bars && (
                      <span className={styles.bar} style={{ width: side }} aria-hidden="true">
                        <span style={{ width: `${(100 * (changes.get(filter) ?? 0)) / most}%` }} />
                      </span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <div className={legends.legend}>
        <ul>
          {LEGEND.map((state) => (
            <li key={state}>
              <span className={`${tiles.tile} ${legends.sample}`} data-state={TILE_STATES[state]} aria-hidden="true">
                <span className={legends.pattern} />
              </span>
              {STATE_WORDS[state]}
              {state === 'near-zero' && states.includes('not-finite') && ', or not finite'}
            </li>
          ))}
        </ul>
        <span data-testid="wall-caption">
          {answering.text ?? `${SHOWS[drawn.shows]}, by ${sort}`}
          {norms.length > order.length && `; ${order.length} of ${norms.length}, all of them in the CSV`}
        </span>
      </div>
      {first && <AblationBar filters={norms.length} />}
    </section>
  );
}

/** A filter that is switched off. */
function CrossMark({ side }: { readonly side: number }) {
  return (
    <svg className={styles.cross} width={side} height={side} viewBox="0 0 20 20" aria-hidden="true">
      <path d="M4 4 16 16M16 4 4 16" />
    </svg>
  );
}

/** Resting on a tile shows nothing here: the chosen filter has its own card. */
function ignore(): void {}
