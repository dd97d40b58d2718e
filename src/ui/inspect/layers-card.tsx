import { Tooltip } from '@mantine/core';
import { formatPercent } from '../../config/quantity.ts';
import cards from '../kit/card.module.css';
import { MiddleCut } from '../kit/middle-cut.tsx';
import styles from './layers-card.module.css';
import { inspection, useInspect } from './page-inspect.ts';

/** Every convolution from input to output, with the share of its filters that is inactive. */
export function LayersCard() {
  const { model, layer, shares, view, state } = useInspect((state) => state);
  if (model === undefined) return null;
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Layers">
      <div className={cards.header}>
        <h2 className={cards.title}>Inactive by depth</h2>
        <span className={cards.subtitle}>{state === 'nearZero' ? 'near zero' : 'weak next to the others'}</span>
      </div>
      <ol className={styles.list} data-testid="inspect-layers">
        {model.layers.map(({ name, shape }, index) => {
          const found = shares?.[view][index];
          const broken = found !== undefined && found.notFinite > 0;
          const share = broken ? undefined : found?.[state];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: names of a file may repeat; the order never changes.
            <li key={index}>
              <Tooltip
                label={`${name}, ${shape[3]} filters of ${shape[2]} × ${shape[0]} × ${shape[1]}`}
                maw={420}
                events={{ hover: true, focus: true, touch: false }}
              >
                <button
                  type="button"
                  aria-current={index === layer || undefined}
                  onClick={() => inspection.chooseLayer(index)}
                >
                  <span className={styles.place}>{index + 1}</span>
                  <MiddleCut text={name} />
                  <span className={styles.track} aria-hidden="true">
                    <span style={{ width: `${100 * (share ?? 0)}%` }} />
                  </span>
                  <span className={styles.share}>
                    {broken ? 'not finite' : share === undefined ? '' : formatPercent(share)}
                  </span>
                </button>
              </Tooltip>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
