import { formatFixed } from '../../config/quantity.ts';
import type { ArmResult, BenchmarkResult } from '../../worker/verification/protocol.ts';
import type { Column } from './columns.ts';
import styles from './score-chart.module.css';

interface ScoreChartProps {
  readonly result: BenchmarkResult;
  readonly columns: readonly Column[];
  readonly label: string;
  /** A similarity for each network, marked on its chart. */
  readonly marked?: readonly number[];
}

const WIDTH = 460;
const LEFT = 8;
const RIGHT = 8;
const TOP = 18;
const BOTTOM = 18;

/** How similar pairs of one person and of two are, for each network, with its threshold. */
export function ScoreChart({ result, columns, label, marked }: ScoreChartProps) {
  const { arms, far } = result;
  const most = Math.max(...arms.flatMap(({ histogram }) => [...histogram.same, ...histogram.different]), 1e-9);
  const height = arms.length === 1 ? 268 : 134;
  return (
    <div className={styles.charts} data-beside={marked !== undefined || undefined}>
      {arms.map((arm, place) => {
        const column = columns[place];
        return (
          <Scores
            key={column?.id ?? place}
            arm={arm}
            name={column?.name ?? ''}
            mark={column?.mark ?? 'standard'}
            label={label}
            marked={marked?.[place]}
            most={most}
            height={height}
          />
        );
      })}
      <p className={styles.legend}>
        <span data-kind="same">one person</span>
        <span data-kind="different">two people</span>
        <span data-kind="threshold">threshold{far === undefined ? ', mean over the folds' : ` at FAR ${far}`}</span>
        {marked && <span data-kind="marked">your two photos</span>}
      </p>
    </div>
  );
}

interface ScoresProps {
  readonly arm: ArmResult;
  readonly name: string;
  readonly mark: Column['mark'];
  readonly label: string;
  readonly marked: number | undefined;
  readonly most: number;
  readonly height: number;
}

function Scores({ arm, name, mark, label, marked, most, height }: ScoresProps) {
  const { from, to, same, different } = arm.histogram;
  const x = (cosine: number) => LEFT + ((cosine - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (share: number) => height - BOTTOM - (share / most) * (height - TOP - BOTTOM);
  const outline = (shares: readonly number[]) => {
    const width = (WIDTH - LEFT - RIGHT) / shares.length;
    const steps = shares.map((share, bin) => `L${LEFT + bin * width} ${y(share)}h${width}`).join('');
    return `M${LEFT} ${y(0)}${steps}V${y(0)}`;
  };
  // Scores beyond the scale are drawn at its end.
  const inside = (cosine: number) => x(Math.max(from, Math.min(to, cosine)));
  const threshold = inside(arm.threshold);
  const ticks = [from, (from + to) / 2, to];
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${WIDTH} ${height}`}
      data-arm={mark}
      role="img"
      aria-label={`Similarity of the pairs of ${label} to ${name}, from ${formatFixed(from, 1)} to ${formatFixed(to, 1)}; threshold ${formatFixed(arm.threshold, 2)}, equal error rate ${(arm.eer * 100).toFixed(1)} %`}
    >
      <path className={styles.different} d={outline(different)} />
      <path className={styles.same} d={outline(same)} />
      <path className={styles.threshold} d={`M${threshold} ${TOP - 2}V${height - BOTTOM}`} />
      {marked !== undefined && (
        <g className={styles.marked}>
          <path d={`M${inside(marked)} ${TOP}V${height - BOTTOM}`} />
          <circle cx={inside(marked)} cy={height - BOTTOM} r={4.5} />
        </g>
      )}
      <path className={styles.axis} d={`M${LEFT} ${height - BOTTOM}H${WIDTH - RIGHT}`} />
      <text x={LEFT} y={12}>
        {name.length > 40 ? `${name.slice(0, 39)}…` : name}
      </text>
      <text x={WIDTH - RIGHT} y={12} textAnchor="end">
        threshold {formatFixed(arm.threshold, 2)}
      </text>
      {ticks.map((cosine, place) => (
        <text
          key={cosine}
          x={x(cosine)}
          y={height - 4}
          textAnchor={place === 0 ? 'start' : place === 2 ? 'end' : 'middle'}
        >
          {place === 1 && 'cosine '}
          {formatFixed(cosine, 2)}
        </text>
      ))}
    </svg>
  );
}
