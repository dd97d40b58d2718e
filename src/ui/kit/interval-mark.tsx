import styles from './interval-mark.module.css';
/** A difference in points with its interval; `claimed` where it is clear. */
export interface MarkedDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly claimed: boolean;
}

interface IntervalMarkProps {
  readonly difference: MarkedDifference;
  /** Points the picture reaches to on either side of zero. */
  readonly reach: number;
  /** In a chart's header instead of a table. */
  readonly small?: boolean;
}

const LARGE = { width: 152, height: 32, radius: 5.5 };
const SMALL = { width: 64, height: 14, radius: 3.5 };

/** A difference with its interval on a line through zero: filled where it is clear, else hollow and grey. */
export function IntervalMark({ difference: { value, low, high, claimed }, reach, small = false }: IntervalMarkProps) {
  const { width, height, radius } = small ? SMALL : LARGE;
  const middle = height / 2;
  const place = (points: number) =>
    width / 2 + (Math.max(-reach, Math.min(reach, points)) / reach) * (width / 2 - radius - 2.5);
  const leads = value > 0 ? 'second' : 'first';
  return (
    <svg
      className={styles.mark}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      data-claimed={claimed || undefined}
      data-leads={leads}
      aria-hidden="true"
    >
      <path className={styles.zero} d={`M${width / 2} ${radius - 1.5}V${height - radius + 1.5}`} />
      <path className={styles.line} d={`M${place(low)} ${middle}H${place(high)}`} />
      <path
        className={styles.line}
        d={`M${place(low)} ${middle - radius + 0.5}v${2 * radius - 1}M${place(high)} ${middle - radius + 0.5}v${2 * radius - 1}`}
      />
      {leads === 'first' && claimed ? (
        <rect
          className={styles.centre}
          x={place(value) - radius + 0.5}
          y={middle - radius + 0.5}
          width={2 * radius - 1}
          height={2 * radius - 1}
          rx={1.5}
        />
      ) : (
        <circle className={styles.centre} cx={place(value)} cy={middle} r={radius} />
      )}
    </svg>
  );
}

/** A reach that holds every interval, in round points. */
export function reachOf(differences: readonly MarkedDifference[]): number {
  const farthest = Math.max(0, ...differences.flatMap(({ low, high }) => [-low, high]));
  return [1, 2, 5, 10, 20, 50].find((reach) => farthest <= reach) ?? 100;
}
