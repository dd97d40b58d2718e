import { formatFixed, formatNumber } from '../../config/quantity.ts';
import { roundTop } from '../../record/figures/value-axis.ts';
import { isTest, type StudyAnalysis } from '../../study/analysis.ts';
import { canBeClaimed, detectable, FEWEST_SEEDS, LEVEL } from '../../study/statistics/power.ts';
import cards from '../kit/card.module.css';
import { useWidth } from '../kit/use-width.ts';
import styles from './power-card.module.css';
import type { VerdictChoice } from './verdict-head.tsx';

/** Seeds whose deviation is taken for known. */
const KNOWN_FROM = 3;
const HEIGHT = 150;
const PLOT = { left: 36, right: 20, top: 10, bottom: 22 };

interface PowerCardProps {
  readonly analysis: StudyAnalysis;
  readonly choice: VerdictChoice;
  readonly benchmark: string;
}

/** The smallest difference that the planned seeds show with 80 % power, by the deviation of the seeds known so far. */
export function PowerCard({ analysis, choice, benchmark }: PowerCardProps) {
  const { planned } = analysis;
  const comparison = analysis.comparisons.find(
    ({ axes, condition, outcome }) =>
      axes === choice.axes && condition === choice.condition && isTest(outcome) && outcome.benchmark === benchmark,
  );
  const { statistics, family = 1 } = comparison ?? {};
  const level = LEVEL / family;
  const known = statistics !== undefined && statistics.seeds >= KNOWN_FROM && statistics.deviation > 0;
  const shows =
    known && canBeClaimed(planned, level) ? 100 * detectable(statistics.deviation, planned, level) : undefined;
  return (
    <section className={cards.card} aria-label="Detectable difference" data-testid="study-power">
      <div className={cards.header}>
        <h2 className={cards.title}>
          {shows === undefined
            ? 'Detectable difference'
            : `${planned} seeds show ${formatFixed(shows, shows < 1 ? 2 : 1)} points`}
        </h2>
        <span className={cards.subtitle}>at 80 % power</span>
      </div>
      {known ? (
        <>
          <Curve deviation={100 * statistics.deviation} planned={planned} level={level} />
          <p className={styles.note}>
            From the deviation of {statistics.seeds} seeds, {formatFixed(100 * statistics.deviation, 2)} points: (t₀.₉₇₅
            + t₀.₈₀) · sd / √n
            {family > 1 && `, t₀.₉₇₅ corrected for the ${formatNumber(family)} comparisons that Holm corrects`}.
            {shows === undefined &&
              ` Of ${formatNumber(planned)} ${planned === 1 ? 'seed' : 'seeds'} no difference can be claimed.`}
          </p>
        </>
      ) : (
        <p className={styles.note}>After {KNOWN_FROM} seeds the page can name the smallest difference that shows.</p>
      )}
    </section>
  );
}

interface CurveProps {
  readonly deviation: number;
  readonly planned: number;
  readonly level: number;
}

function Curve({ deviation, planned, level }: CurveProps) {
  const { ref, width } = useWidth();
  const last = Math.max(64, planned);
  const first = Math.min(FEWEST_SEEDS, Math.max(2, planned));
  const top = roundTop(detectable(deviation, first, level));
  const x = (seeds: number) =>
    PLOT.left + (Math.log(seeds / first) / Math.log(last / first)) * (width - PLOT.left - PLOT.right);
  const y = (points: number) => PLOT.top + (1 - points / top) * (HEIGHT - PLOT.top - PLOT.bottom);
  const seeds = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const path = seeds.map(
    (n, at) => `${at === 0 ? 'M' : 'L'}${x(n).toFixed(1)} ${y(detectable(deviation, n, level)).toFixed(1)}`,
  );
  const shows = detectable(deviation, planned, level);
  const ticks = [...new Set([first, 16, 32, last])].filter(
    (n) => n >= first && (n === planned || Math.abs(Math.log(n / planned)) > 0.25),
  );
  return (
    <div ref={ref} className={styles.plot} style={{ height: HEIGHT }}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`Smallest difference seen by number of seeds: ${formatFixed(shows, 2)} points with ${planned} seeds.`}
        >
          {[0, Number((top / 2).toPrecision(2)), top].map((points) => (
            <g key={points}>
              <path className={styles.grid} d={`M${PLOT.left} ${y(points)}H${width - PLOT.right}`} />
              <text className={styles.tick} x={PLOT.left - 6} y={y(points) + 4} data-end>
                {formatNumber(points)}
              </text>
            </g>
          ))}
          {[...new Set([...ticks, planned])].map((n) => (
            <text key={n} className={styles.tick} x={x(n)} y={HEIGHT - 6} data-planned={n === planned || undefined}>
              {n}
            </text>
          ))}
          <path className={styles.curve} d={path.join('')} />
          <path className={styles.guide} d={`M${PLOT.left} ${y(shows)}H${x(planned)}V${y(0)}`} />
          <circle className={styles.now} cx={x(planned)} cy={y(shows)} r={5} />
        </svg>
      )}
    </div>
  );
}
