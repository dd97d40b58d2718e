import cards from '../kit/card.module.css';
import { useFileDrop } from '../kit/use-file-drop.ts';
import { ExampleModels } from './example-models.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { HistogramCard } from './histogram-card.tsx';
import { InspectRail } from './inspect-rail.tsx';
import styles from './inspect-screen.module.css';
import { InspectWall } from './inspect-wall.tsx';
import { LayersCard } from './layers-card.tsx';
import { refuseDrop, takeModel } from './model-drop.tsx';
import { useInspect } from './page-inspect.ts';
import { ReviveCard } from './revive-card.tsx';
import { SlimCard } from './slim-card.tsx';
import { VerdictCard } from './verdict-card.tsx';

/** Examines the filters of a trained model: one from a file, or an arm of the run. */
export default function InspectScreen() {
  const { target } = useFileDrop(takeModel, refuseDrop);
  const open = useInspect(({ model }) => model !== undefined);
  return (
    // A file dropped beside the zone counts too; else the browser would leave the page to open it.
    <div className={styles.screen} {...target}>
      <InspectRail />
      <main id="main" className={styles.main} tabIndex={-1}>
        {open ? (
          <>
            <VerdictCard />
            <div className={styles.wide}>
              <InspectWall />
              <LayersCard />
            </div>
            <div className={styles.wide}>
              <SlimCard />
              <ReviveCard />
            </div>
            <div className={styles.row}>
              <HistogramCard />
              <FilterPanel />
            </div>
          </>
        ) : (
          <section className={`${cards.card} ${styles.empty}`}>
            <h2>How much of a trained network is in use?</h2>
            <p>
              Drop a model, or pause your run and choose one of its arms. Every filter of the first layer is shown, with
              those that are near zero or weak next to the others.
            </p>
            <ExampleModels />
          </section>
        )}
      </main>
    </div>
  );
}
