import { median } from '../../../config/average.ts';
import { formatPercent } from '../../../config/quantity.ts';
import type { ArmName } from '../../../record/arm.ts';
import type { NoveltyFigures } from '../../../record/first-layer.ts';
import styles from './outcome-panel.module.css';

const WIDTH = 200;
const HEIGHT = 28;
const RADIUS = 3.5;

/** Both arms' marks around a place: a square and a disc. */
const MARKS: Readonly<Record<ArmName, (x: number, y: number) => string>> = {
  standard: (x, y) => `M${x - 3} ${y - 3}h6v6h-6z`,
  craft: (x, y) =>
    `M${x - RADIUS} ${y}a${RADIUS} ${RADIUS} 0 1 0 ${2 * RADIUS} 0a${RADIUS} ${RADIUS} 0 1 0 ${-2 * RADIUS} 0z`,
};

interface NoveltyStripProps {
  /** Distinguishes the two strips of the panel. */
  readonly name: 'craft' | 'control';
  /** Whose filters they are: its colour and its form. */
  readonly arm: ArmName;
  readonly figures: NoveltyFigures;
  /** Filters that are drawn filled, and the name of the mark. */
  readonly marked: readonly number[];
  readonly markName: string;
}

/** A mark for each filter from 0 to 100 % and an ink bar at the median, with the medians in words. */
export function NoveltyStrip({ name, arm, figures, marked, markName }: NoveltyStripProps) {
  const special = figures.filters.filter(({ filter }) => marked.includes(filter));
  const place = (share: number) => RADIUS + 1 + share * (WIDTH - 2 * RADIUS - 2);
  const count = figures.filters.length;
  const text = `median ${formatPercent(figures.median)} of ${count} active filters`;
  return (
    <div className={styles.strip}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Novelty, 0 to 100 %: ${text}`}>
        <path
          className={styles.axis}
          d={`M${place(0)} ${HEIGHT - 3}H${place(1)}M${place(0)} ${HEIGHT - 6}v3M${place(1)} ${HEIGHT - 6}v3`}
        />
        {figures.filters.map(({ filter, novelty }, at) => (
          // Three rows keep marks that are close to each other apart.
          <path
            key={filter}
            className={styles.mark}
            data-arm={arm}
            data-filled={arm === 'standard' || marked.includes(filter)}
            d={MARKS[arm](place(novelty), 5 + (at % 3) * 6)}
          >
            <title>{`Filter ${filter}: ${formatPercent(novelty)}`}</title>
          </path>
        ))}
        <path className={styles.median} d={`M${place(figures.median)} 0V${HEIGHT - 3}`} />
      </svg>
      <p>
        <b data-testid={`median-${name}`}>{formatPercent(figures.median)}</b> in the middle of {count} active filters
        {special.length > 0 &&
          `; ${formatPercent(median(special.map(({ novelty }) => novelty)))} of the ${special.length} ${markName} (filled)`}
        .
      </p>
    </div>
  );
}
