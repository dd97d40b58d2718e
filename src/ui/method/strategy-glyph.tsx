import type { RunConfig } from '../../config/run-config.ts';
import styles from './strategies.module.css';

const BELL = 'c5 0 5 -18 9 -18s4 18 9 18';
const SMALL_BELL = 'c2 0 2 -6 4 -6s2 6 4 6';

/** Between the strong filters and the new one: the part that the strategy takes from them. */
export function StrategyGlyph({ strategy }: { readonly strategy: RunConfig['strategy'] }) {
  return (
    <svg className={styles.glyph} viewBox="0 0 76 92" width="76" height="92" aria-hidden="true">
      <Glyph strategy={strategy} />
      {strategy !== 'random' && <path d="M62 46h12m-5 -4l5 4l-5 4" />}
    </svg>
  );
}

function Glyph({ strategy }: { readonly strategy: RunConfig['strategy'] }) {
  switch (strategy) {
    case 'blend':
      return (
        <>
          <path strokeWidth="3" d="M2 14C26 16 22 44 38 46" />
          <path d="M2 46H62" />
          <path strokeWidth="2.2" d="M2 78C26 76 22 48 38 46" />
        </>
      );
    case 'gaussian':
      return (
        <>
          <path d="M2 14C24 14 18 46 32 46M2 46H32M2 78C24 78 18 46 32 46" />
          <path className={styles.ink} d={`M38 56${BELL}`} />
        </>
      );
    case 'per-weight':
      return (
        <>
          <path d="M2 14C22 14 16 46 28 46M2 46H28M2 78C22 78 16 46 28 46" />
          {[38, 50, 62].map((y) => (
            <path key={y} className={styles.ink} d={`M31 ${y}${SMALL_BELL}m2 0${SMALL_BELL}m2 0${SMALL_BELL}`} />
          ))}
        </>
      );
    case 'orthogonal':
      return (
        <>
          <path d="M2 14C24 14 18 46 32 46M2 46H32M2 78C24 78 18 46 32 46" />
          <path className={styles.ink} d="M32 46V16m-4 6l4 -6l4 6M32 46H62M32 38h8v8" />
        </>
      );
    case 'random':
      return (
        <>
          <rect className={styles.ink} x="26" y="34" width="24" height="24" rx="5" />
          <path className={styles.dots} d="M33 41h.01M43 41h.01M38 46h.01M33 51h.01M43 51h.01" />
          <path d="M56 46h18m-5 -4l5 4l-5 4" />
        </>
      );
  }
}
