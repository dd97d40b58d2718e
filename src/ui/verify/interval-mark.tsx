import styles from './interval-mark.module.css';
import type { PointsDifference } from './table-rows.ts';

interface IntervalMarkProps {
  readonly difference: PointsDifference;
  /** Points the picture reaches to on either side of zero. */
  readonly reach: number;
}

const WIDTH = 152;
const HEIGHT = 32;
const MIDDLE = HEIGHT / 2;

/** A difference with its interval on a line through zero: filled where it is clear, else hollow and grey. */
export function IntervalMark({ difference: { value, low, high, claimed }, reach }: IntervalMarkProps) {
  const place = (points: number) => WIDTH / 2 + (Math.max(-reach, Math.min(reach, points)) / reach) * (WIDTH / 2 - 8);
  const leads = value > 0 ? 'second' : 'first';
  return (
    <svg
      className={styles.mark}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      data-claimed={claimed || undefined}
      data-leads={leads}
      aria-hidden="true"
    >
      <path className={styles.zero} d={`M${WIDTH / 2} 4V${HEIGHT - 4}`} />
      <path className={styles.line} d={`M${place(low)} ${MIDDLE}H${place(high)}`} />
      <path className={styles.line} d={`M${place(low)} ${MIDDLE - 5}v10M${place(high)} ${MIDDLE - 5}v10`} />
      {leads === 'first' && claimed ? (
        <rect className={styles.centre} x={place(value) - 5} y={MIDDLE - 5} width={10} height={10} rx={1.5} />
      ) : (
        <circle className={styles.centre} cx={place(value)} cy={MIDDLE} r={5.5} />
      )}
    </svg>
  );
}

/** A reach that holds every interval, in round points. */
export function reachOf(differences: readonly PointsDifference[]): number {
  const farthest = Math.max(0, ...differences.flatMap(({ low, high }) => [-low, high]));
  return [1, 2, 5, 10, 20, 50].find((reach) => farthest <= reach) ?? 100;
}
