import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { formatFixed } from '../../config/quantity.ts';
import cards from '../kit/card.module.css';
import styles from './hard-pairs-card.module.css';
import { useVerify } from './page-verify.ts';
import { PairCard } from './pair-card.tsx';
import { filteredPairs, type PairFilter, pairFilters } from './pair-filter.ts';
import { useTable } from './use-table.ts';

/** Pairs shown at first, and more with each press. */
const SOME = 6;

/** The pairs of the chosen benchmark that lie farthest on the wrong side of the threshold, or nearest to it. */
export function HardPairsCard() {
  const { shown } = useTable();
  const columns = useVerify((state) => state.columns);
  const [filter, setFilter] = useState<PairFilter>('all');
  const [count, setCount] = useState(SOME);
  if (shown?.result === undefined) return null;
  const { result, label } = shown;
  const filters = pairFilters(columns);
  const known = filters.some(({ value }) => value === filter) ? filter : 'all';
  const pairs = filteredPairs(result, known);
  const thresholds = result.arms.map((arm, place) => `${columns[place]?.name} ${formatFixed(arm.threshold, 2)}`);
  return (
    <section className={`${cards.card} ${styles.card}`} aria-label="Hardest pairs" data-testid="hardest-pairs">
      <div className={styles.header}>
        <h2 className={cards.title}>Hardest pairs of {label}</h2>
        <span className={styles.line}>farthest on the wrong side of the threshold, as the network sees them</span>
        <span className={cards.spacer} />
        <span className={styles.line}>
          <span className={styles.threshold} aria-hidden="true" /> similarity threshold {thresholds.join(', ')}
        </span>
        <div className={styles.filters}>
          <SegmentedControl
            size="xs"
            aria-label="Pairs to show"
            value={known}
            onChange={(value) => {
              const chosen = filters.find((entry) => entry.value === value);
              if (chosen !== undefined) setFilter(chosen.value);
              setCount(SOME);
            }}
            data={[...filters]}
          />
        </div>
      </div>
      {pairs.length === 0 ? (
        <p className={styles.none}>No pair of this kind.</p>
      ) : (
        <ul className={styles.pairs}>
          {pairs.slice(0, count).map((pair) => (
            <PairCard key={pair.pair} pair={pair} result={result} columns={columns} label={label} />
          ))}
        </ul>
      )}
      {pairs.length > count && (
        <Button variant="default" size="xs" onClick={() => setCount(count + SOME)}>
          Show more
        </Button>
      )}
    </section>
  );
}
