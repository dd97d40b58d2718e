import cards from '../train/card.module.css';
import { FilterPanel } from './filter-panel.tsx';
import { HistogramCard } from './histogram-card.tsx';
import { InspectRail } from './inspect-rail.tsx';
import styles from './inspect-screen.module.css';
import { useInspect } from './inspect-store.ts';
import { InspectWall } from './inspect-wall.tsx';
import { LayersCard } from './layers-card.tsx';
import { takeDrop } from './model-drop.tsx';
import { VerdictCard } from './verdict-card.tsx';

/** Examines the filters of a trained model: one from a file, or an arm of the run. */
export default function InspectScreen() {
  const open = useInspect(({ model }) => model !== undefined);
  return (
    // A file dropped beside the zone counts too; else the browser would leave the page to open it.
    // biome-ignore lint/a11y/noStaticElementInteractions: the drop zone inside is what a keyboard reaches.
    <div className={styles.screen} onDragOver={(event) => event.preventDefault()} onDrop={takeDrop}>
      <InspectRail />
      <main id="main" className={styles.main} tabIndex={-1}>
        {open ? (
          <>
            <VerdictCard />
            <InspectWall />
            <div className={styles.row}>
              <HistogramCard />
              <FilterPanel />
              <LayersCard />
            </div>
          </>
        ) : (
          <section className={`${cards.card} ${styles.empty}`}>
            <h2>How much of a trained network is in use?</h2>
            <p>
              Drop a model, or pause your run and choose one of its arms. Every filter of the first layer is shown, with
              those that are near zero or weak next to the others.
            </p>
          </section>
        )}
      </main>
    </div>
  );
}
