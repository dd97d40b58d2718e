import { useMemo } from 'react';
import type { RunConfig } from '../../config/run-config.ts';
import cards from '../kit/card.module.css';
import { DRAWN, drawnWeights } from './drawn-filters.ts';
import { DrawnTile } from './drawn-tile.tsx';
import styles from './strategies.module.css';
import { drawNewFilter, STRONG } from './strategy-demo.ts';
import { StrategyGlyph } from './strategy-glyph.tsx';

/** A strategy in words. */
export interface StrategyText {
  readonly strategy: RunConfig['strategy'];
  readonly name: string;
  readonly tag?: string;
  readonly rule: string;
  readonly keeps: string;
}

/** All strategies, the default first. */
export const STRATEGY_TEXTS: readonly StrategyText[] = [
  {
    strategy: 'blend',
    name: 'Blend',
    tag: 'default',
    rule: 'The strong filters’ mean plus a random mix of how they differ from it.',
    keeps: 'Keeps how weights vary together',
  },
  {
    strategy: 'gaussian',
    name: 'Gaussian',
    rule: 'Every weight from one bell curve: mean and spread of all strong weights.',
    keeps: 'Keeps the overall scale',
  },
  {
    strategy: 'per-weight',
    name: 'Per-weight',
    rule: 'Each position has its own bell curve, taken over the strong filters.',
    keeps: 'Keeps the usual weight at each place',
  },
  {
    strategy: 'orthogonal',
    name: 'Orthogonal',
    rule: 'A direction at right angles to all active filters, if one is left.',
    keeps: 'Keeps the size; a pattern that no filter has',
  },
  {
    strategy: 'random',
    name: 'Random',
    tag: 'control',
    rule: 'A fresh random start, as at step 0. Ignores the strong filters.',
    keeps: 'Keeps the size only: no context',
  },
];

/** A strategy and the filter it draws. */
export function StrategyCard({ text, draw }: { readonly text: StrategyText; readonly draw: number }) {
  const { strategy, name, tag, rule, keeps } = text;
  const { weights, likeness } = useMemo(() => drawNewFilter(strategy, draw), [strategy, draw]);
  const closest = Math.max(...likeness).toFixed(2);
  return (
    <li className={`${cards.card} ${styles.card}`} data-testid="strategy-card" data-strategy={strategy}>
      <h4>
        {name}
        {tag !== undefined && <span>{tag}</span>}
      </h4>
      <div className={styles.diagram}>
        <div className={styles.strong} data-unused={strategy === 'random' || undefined}>
          {STRONG.map((filter) => (
            <DrawnTile key={filter} weights={drawnWeights(DRAWN[filter])} state="strong" side={24} />
          ))}
        </div>
        <StrategyGlyph strategy={strategy} />
        <DrawnTile weights={weights} state="reactivated" side={42} label={`New filter, drawing ${draw}`} />
      </div>
      <p className={styles.likeness}>
        closest strong filter <b>{closest}</b>
      </p>
      <p>{rule}</p>
      <p className={styles.keeps}>{keeps}</p>
    </li>
  );
}
