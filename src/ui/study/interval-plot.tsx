import { useWidth } from '../kit/use-width.ts';
import { ConditionMark, conditionLabel } from './condition-mark.tsx';
import styles from './interval-plot.module.css';

/** A row of the plot: the mean with its interval, and each seed as a dot. */
export interface PlotRow {
  readonly key: string;
  /** Name of the condition. */
  readonly condition: string;
  /** Second line of the label. */
  readonly about: string;
  readonly mean: number;
  /** Undefined of a single seed. */
  readonly interval: readonly [number, number] | undefined;
  readonly seeds: readonly { readonly seed: number; readonly value: number; readonly elsewhere: boolean }[];
  /** In grey and hollow: a difference that is not claimed. */
  readonly unclear: boolean;
  /** "+0.12" and "[−0.60, +0.84]". */
  readonly value: string;
  readonly range: string;
}

interface IntervalPlotProps {
  readonly rows: readonly PlotRow[];
  /** Values at the ends of the axis and between them, rising. */
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** Its contents, for a screen reader. */
  readonly label: string;
  /** Words under the axis, left and right of zero. */
  readonly sides?: readonly [string, string];
}

const ROW = 46;
const LABEL = 152;
/** Least room of the value and its interval, and the width of a character of theirs. */
const VALUE = 112;
const CHARACTER = 7;
const EDGE = 10;
/** Width of a seed's dot, how many fit below each other in a row, and the places that are tried for one. */
const DOT = 6;
const LEVELS = 3;
const PLACES = 3 * LEVELS;

/** Means with 95 % intervals; every seed is seen. */
export function IntervalPlot({ rows, ticks, format, label, sides }: IntervalPlotProps) {
  const { ref, width } = useWidth();
  const narrow = width < 430;
  const left = narrow ? 2 * EDGE : LABEL;
  const longest = Math.max(0, ...rows.map(({ value, range }) => value.length + 1 + range.length));
  const right = width - (narrow ? 2 * EDGE : Math.max(VALUE, CHARACTER * longest + EDGE));
  const head = narrow ? 22 : 0;
  const rowHeight = ROW + head;
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (value: number) =>
    left + ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (right - left);
  const bottom = rows.length * rowHeight;
  const height = bottom + (sides === undefined ? 20 : 36);
  const spoken = rows.map(({ condition, value, range, seeds }) => {
    return `${conditionLabel(condition)} ${value} ${range}, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`;
  });
  return (
    <div ref={ref} className={styles.plot} style={{ height }}>
      {width > 0 && (
        <>
          <svg width={width} height={height} role="img" aria-label={`${label}: ${spoken.join('; ')}.`}>
            {ticks.map((tick) => (
              <g key={tick}>
                <path
                  className={styles.grid}
                  d={`M${x(tick)} 0V${bottom}`}
                  data-zero={(tick === 0 && low < 0) || undefined}
                />
                <text
                  className={styles.tick}
                  x={x(tick)}
                  y={height - 4}
                  data-zero={(tick === 0 && low < 0) || undefined}
                >
                  {format(tick)}
                </text>
              </g>
            ))}
            {sides !== undefined && (
              <>
                <text className={styles.side} x={x(0) - 10} y={bottom + 14} data-left>
                  ← {sides[0]}
                </text>
                <text className={styles.side} x={x(0) + 10} y={bottom + 14}>
                  {sides[1]} →
                </text>
              </>
            )}
            {rows.map((row, place) => (
              <Row key={row.key} row={row} x={x} y={place * rowHeight + head + 16} />
            ))}
          </svg>
          {rows.map((row, place) => (
            <div
              key={row.key}
              className={styles.label}
              data-narrow={narrow || undefined}
              style={{ top: place * rowHeight + (narrow ? 2 : 4), height: narrow ? 20 : ROW - 6 }}
            >
              <ConditionMark name={row.condition} />
              <span className={styles.name}>
                <b>{conditionLabel(row.condition)}</b>
                <span>{row.about}</span>
              </span>
              <span className={styles.value}>
                <b>{row.value}</b> {row.range}
              </span>
            </div>
          ))}
        </>
      )}
    </div>
  );
}

function Row({ row, x, y }: { readonly row: PlotRow; readonly x: (value: number) => number; readonly y: number }) {
  const { condition, mean, interval, seeds, unclear } = row;
  const centre = x(mean);
  return (
    <g className={styles.row} data-condition={condition} data-unclear={unclear || undefined}>
      {interval !== undefined && (
        <path
          className={styles.line}
          d={`M${x(interval[0])} ${y}H${x(interval[1])}M${x(interval[0])} ${y - 5}v10M${x(interval[1])} ${y - 5}v10`}
        />
      )}
      <Centre condition={condition} x={centre} y={y} />
      {apart(seeds.map(({ value }) => x(value))).map(([dotX, level], place) => (
        <circle
          key={`${seeds[place]?.seed} ${seeds[place]?.elsewhere}`}
          className={styles.seed}
          cx={dotX}
          cy={y + 13 + 6 * level}
          r={2.75}
          data-elsewhere={seeds[place]?.elsewhere || undefined}
        >
          <title>{`Seed ${seeds[place]?.seed}`}</title>
        </circle>
      ))}
    </g>
  );
}

/**
 * Dots that would hide each other, one below the other, and one dot's width aside where there are too many for that. A
 * dot never is farther from its value: of a hundred seeds some cover each other.
 */
function apart(places: readonly number[]): readonly (readonly [x: number, level: number])[] {
  // By level and by columns as wide as a dot: only neighbours can hide each other.
  const taken = new Map<string, number[]>();
  const near = (x: number, level: number) =>
    [-1, 0, 1].flatMap((beside) => taken.get(`${level} ${Math.floor(x / DOT) + beside}`) ?? []);
  return places.map((place, seed) => {
    for (let at = 0; at < PLACES; at++) {
      const column = Math.floor(at / LEVELS);
      const level = at % LEVELS;
      const x = place + (column % 2 === 0 ? 1 : -1) * Math.ceil(column / 2) * DOT;
      if (near(x, level).some((other) => Math.abs(other - x) < DOT - 0.5)) continue;
      const key = `${level} ${Math.floor(x / DOT)}`;
      taken.set(key, [...(taken.get(key) ?? []), x]);
      return [x, level] as const;
    }
    return [place, seed % LEVELS] as const;
  });
}

function Centre({ condition, x, y }: { readonly condition: string; readonly x: number; readonly y: number }) {
  if (condition === 'standard')
    return <rect className={styles.centre} x={x - 5} y={y - 5} width={10} height={10} rx={1.5} />;
  if (condition === 'random') return <path className={styles.centre} data-hollow d={`M${x - 7} ${y}l7 -7 7 7 -7 7z`} />;
  return <circle className={styles.centre} cx={x} cy={y} r={5.5} />;
}
