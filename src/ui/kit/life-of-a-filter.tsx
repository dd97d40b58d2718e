import styles from './life-of-a-filter.module.css';

/** Stages of the drawing. Colours are of a drawing, not of a run. */
export const LIFE_STAGES = [
  {
    name: 'start',
    state: 'weak',
    colours: ['#6d7f5c', '#8b958c', '#8fb08b', '#c56f82', '#135e80', '#85b086', '#8e6f9d', '#ad6c42', '#a9ab3d'],
  },
  {
    name: 'fading',
    state: 'weak',
    colours: ['#857c70', '#8d8b80', '#919279', '#a08377', '#49748f', '#948c6f', '#8d7f84', '#9a7c6b', '#8f9270'],
  },
  { name: 'inactive', state: 'inactive', colours: [] },
  {
    name: 're-activated',
    state: 'reactivated',
    colours: ['#b0bcae', '#b2b4b9', '#55715f', '#b9a9a7', '#b3abc0', '#5a3336', '#a9a7ae', '#7a5a3d', '#47512f'],
  },
  {
    name: 'strong',
    state: 'strong',
    colours: ['#fdefe6', '#d7b2c9', '#3b4045', '#e6ddd9', '#d3afbf', '#220e1e', '#bcd2b3', '#141722', '#111127'],
  },
] as const;

/** The 3 × 3 pixels of a stage; none of the inactive one. */
export function StageTile({ colours, side }: { readonly colours: readonly string[]; readonly side: number }) {
  return (
    <svg viewBox="0 0 3 3" width={side} height={side} aria-hidden="true">
      {colours.map((fill, place) => (
        <rect
          key={fill}
          x={place % 3}
          y={Math.floor(place / 3)}
          width="1.02"
          height="1.02"
          fill={fill}
          shapeRendering="crispEdges"
        />
      ))}
    </svg>
  );
}

/** The four main stages, small enough for a place beside a text. */
export function LifeInBrief() {
  return (
    <ol className={styles.brief} aria-label="The life of one filter">
      {LIFE_STAGES.filter(({ name }) => name !== 'fading').map(({ name, state, colours }) => (
        <li key={name} data-state={state}>
          <StageTile colours={colours} side={40} />
          <span>{name}</span>
        </li>
      ))}
    </ol>
  );
}

/** A drawing of one filter that dies and is brought back. */
export function LifeOfAFilter() {
  return (
    <figure className={styles.life}>
      <figcaption>The life of one filter</figcaption>
      <ol>
        {LIFE_STAGES.map(({ name, state, colours }) => (
          <li key={name} data-state={state}>
            <StageTile colours={colours} side={54} />
            <span>{name}</span>
          </li>
        ))}
      </ol>
      <svg className={styles.curve} viewBox="0 0 400 62" aria-hidden="true">
        <path className={styles.axis} d="M0 56.5H400" />
        <path className={styles.event} d="M276 2V56M271 56h10l-5 -7z" />
        <path
          className={styles.line}
          d="M0 15L36 17 74 22 112 30 142 42 168 52 190 55 274 55.5 276 24 300 28 330 22 360 10 392 5"
        />
        <circle cx="394" cy="5" r="5" />
      </svg>
      <p>its norm over training</p>
    </figure>
  );
}
