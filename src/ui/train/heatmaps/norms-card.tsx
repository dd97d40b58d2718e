import { IconTriangleFilled } from '@tabler/icons-react';
import { ARMS } from '../../../record/arm.ts';
import { ArmTitle } from '../../kit/arm-mark.tsx';
import cards from '../../kit/card.module.css';
import { useShownArms } from '../../state/shown-arms.ts';
import { useRun } from '../../state/store-context.tsx';
import { look, useView } from '../../state/view-store.ts';
import { OrderControl } from '../order-control.tsx';
import { Heatmap } from './heatmap.tsx';
import { HeatmapReadout } from './heatmap-readout.tsx';
import { normCeiling, normGradient } from './norm-colours.ts';
import styles from './norms-card.module.css';

/** "Filter norms over training": the heatmaps of both arms. */
export function NormsCard() {
  const run = useRun();
  const arms = useShownArms();
  const highest = Math.max(0, ...ARMS.map((arm) => run?.arms[arm]?.highestNorm ?? 0));
  const ceiling = normCeiling(highest);
  const order = useView((view) => view.rowOrder);
  return (
    <section
      className={`${cards.card} ${styles.norms}`}
      aria-label="Filter norms over training"
      data-fresh={run === undefined || undefined}
    >
      <div className={cards.header}>
        <h2 className={cards.title}>Filter norms over training</h2>
        <span className={cards.caption}>{order === 'norm' ? 'strongest on top' : 'one row per filter'}</span>
        <OrderControl items="Rows" value={order} onChange={(rowOrder) => look({ rowOrder })} />
        <span className={styles.scale}>
          0<span style={{ background: normGradient() }} />
          {ceiling}
        </span>
      </div>
      <div className={`${cards.halves} ${styles.halves}`} data-single={arms.length === 1 || undefined}>
        {arms.map((arm) => (
          <div key={arm} className={`${cards.half} ${styles.half}`}>
            <div className={styles.armHead}>
              <ArmTitle arm={arm} />
              <HeatmapReadout arm={arm}>
                {arm === 'craft' && (
                  <span className={styles.key}>
                    <IconTriangleFilled size={9} aria-hidden="true" /> re-activated
                  </span>
                )}
              </HeatmapReadout>
            </div>
            <Heatmap arm={arm} ceiling={ceiling} />
          </div>
        ))}
      </div>
    </section>
  );
}
