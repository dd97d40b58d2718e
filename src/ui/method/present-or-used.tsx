import type { FilterState } from '../../record/shown-layer.ts';
import cards from '../kit/card.module.css';
import { DRAWN, drawnWeights } from './drawn-filters.ts';
import { DrawnTile } from './drawn-tile.tsx';
import { CRAFT_SHARES } from './measured-studies.ts';
import styles from './present-or-used.module.css';
import { Section } from './section.tsx';
import { SourcePill } from './source-pill.tsx';

interface Example {
  readonly title: string;
  readonly state: FilterState;
  readonly filter: keyof typeof DRAWN;
  /** Width of the scale's line, and of the next layer's weights for this filter, in the drawing's units. */
  readonly scale: number;
  readonly weights: readonly number[];
  /** Contribution next to the strong ones', 0 to 1. */
  readonly contribution: number;
  readonly text: string;
}

const EXAMPLES: readonly Example[] = [
  {
    title: 'Present and used',
    state: 'strong',
    filter: 'edge',
    scale: 5,
    weights: [3.5, 1.5, 4, 2.5],
    contribution: 0.92,
    text: 'Large weights, and the next layer reads their output.',
  },
  {
    title: 'Present, but unused',
    state: 'reactivated',
    filter: 'orange',
    scale: 4,
    weights: [0.35, 0.35, 0.35, 0.35],
    contribution: 0.03,
    text: 'CRAFT gave it new weights. The next layer’s weights for it faded with the old filter, and are still near zero.',
  },
  {
    title: 'Gone, so unused too',
    state: 'inactive',
    filter: 'faded',
    scale: 0.35,
    weights: [0.35, 0.35, 0.35, 0.35],
    contribution: 0.003,
    text: 'Weights, scale and the next layer’s weights for it are all near zero.',
  },
];

/** A filter is unused below this contribution; METHOD's share of the strong channels'. */
const THRESHOLD = 0.05;

/** A filter can have large weights that nobody listens to: the difference in one picture. */
export function PresentOrUsed() {
  return (
    <Section id="present-or-used">
      <p className={styles.text}>
        An inactive filter is counted by its own weights. Whether it matters is up to the next layer, so the app counts
        the <b>unused</b> filters, too: those whose contribution, batch-norm scale times the length of the next layer’s
        weights for it, is below 5 % of that of the strong ones. Most inactive filters are among them.{' '}
        <SourcePill source="ours" /> In our runs of CRAFT:{' '}
        {CRAFT_SHARES.map(({ faces, inactive, unused }, place) => (
          <span key={faces}>
            {place === 0 ? '' : '; '}
            {faces} {inactive} inactive, {unused} unused
          </span>
        ))}
        .
      </p>
      <figure className={`${cards.card} ${styles.figure}`} aria-labelledby="use-title">
        <figcaption className={styles.caption}>
          <b id="use-title">One filter and its listeners</b> a drawing, not a measurement
        </figcaption>
        <ul className={styles.examples}>
          {EXAMPLES.map((example) => (
            <li key={example.title}>
              <h4>{example.title}</h4>
              <div className={styles.picture} aria-hidden="true">
                <DrawnTile weights={drawnWeights(DRAWN[example.filter])} state={example.state} side={54} />
                <Listeners scale={example.scale} weights={example.weights} />
              </div>
              <Contribution value={example.contribution} />
              <p>{example.text}</p>
            </li>
          ))}
        </ul>
      </figure>
    </Section>
  );
}

/** The way of a filter's answer: through its scale, then to channels of the next layer. */
function Listeners({ scale, weights }: Pick<Example, 'scale' | 'weights'>) {
  return (
    <svg className={styles.listeners} viewBox="0 0 212 112" aria-hidden="true">
      <path d="M4 50H66" strokeWidth={scale} data-faint={scale < 1 || undefined} />
      <circle cx="76" cy="50" r="10" />
      <text x="76" y="54" textAnchor="middle">
        γ
      </text>
      {weights.map((weight, place) => {
        const y = 8 + place * 28;
        return (
          <g key={y}>
            <path d={`M86 50L184 ${y}`} strokeWidth={weight} data-faint={weight < 1 || undefined} />
            <circle cx="190" cy={y} r="6" />
          </g>
        );
      })}
      <text x="36" y="38" textAnchor="middle">
        scale
      </text>
      <text x="170" y="110" textAnchor="end">
        next layer’s weights
      </text>
    </svg>
  );
}

function Contribution({ value }: { readonly value: number }) {
  return (
    <div className={styles.contribution} data-unused={value < THRESHOLD || undefined}>
      <span>{value < THRESHOLD ? 'contribution under 5 %: unused' : 'contribution over 5 %: used'}</span>
      <span className={styles.bar} aria-hidden="true">
        <i style={{ width: `${100 * value}%` }} />
        <b style={{ left: `${100 * THRESHOLD}%` }} />
      </span>
    </div>
  );
}
