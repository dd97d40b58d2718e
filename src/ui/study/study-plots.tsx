import type { ReactNode } from 'react';
import { formatPercent } from '../../config/quantity.ts';
import { isTest, type StudyAnalysis } from '../../study/analysis.ts';
import { HELD_OUT } from '../../study/plan.ts';
import { pointsText } from '../../study/verdict.ts';
import cards from '../kit/card.module.css';
import { IntervalPlot, type PlotRow } from './interval-plot.tsx';
import styles from './study-screen.module.css';

interface StudyPlotProps {
  readonly analysis: StudyAnalysis;
  /** The point of the axes that is shown. */
  readonly axes: string;
  /** Whether a seed's run under a condition is that of a file. */
  readonly elsewhere: (seed: number, condition: string) => boolean;
}

const STRATEGY_NOTES: Readonly<Record<string, string>> = { random: 'no context', blend: 'default' };

/** The inactive share at the end of training, of every condition. */
export function InactivePlot({ analysis, axes, elsewhere }: StudyPlotProps) {
  const values = analysis.values.filter((one) => one.axes === axes && one.outcome.measure === 'inactive_share');
  const rows = values.map(({ condition, mean, interval, seeds }): PlotRow => {
    return {
      key: condition,
      condition,
      about: [STRATEGY_NOTES[condition], `n = ${seeds.length}`].filter((part) => part !== undefined).join(', '),
      mean,
      interval,
      seeds: seeds.map(({ seed, value }) => ({ seed, value, elsewhere: elsewhere(seed, condition) })),
      unclear: false,
      value: formatPercent(mean),
      range:
        interval === undefined
          ? ''
          : `[${interval.map((end) => (100 * Math.min(1, Math.max(0, end))).toFixed(0)).join(', ')}]`,
    };
  });
  const highest = Math.max(
    0,
    ...values.flatMap(({ seeds, interval }) => [...seeds.map(({ value }) => value), interval?.[1] ?? 0]),
  );
  const top = [0.2, 0.4, 0.6, 0.8].find((end) => highest <= end) ?? 1;
  const ticks = [0, 1, 2, 3, 4].map((step) => (step * top) / 4);
  return (
    <Card title="Inactive share at the end" subtitle="mean, 95 % interval">
      <IntervalPlot rows={rows} ticks={ticks} format={formatPercent} label="Inactive share at the end" />
    </Card>
  );
}

interface DifferencePlotProps extends StudyPlotProps {
  readonly benchmark: string;
}

/** Accuracy minus that of Standard, paired by seed. */
export function DifferencePlot({ analysis, axes, elsewhere, benchmark }: DifferencePlotProps) {
  const found = analysis.comparisons.filter(
    (one) => one.axes === axes && isTest(one.outcome) && one.outcome.benchmark === benchmark,
  );
  const rows = found.flatMap(({ condition, pairs, statistics, claimed }): PlotRow[] => {
    const seeds = pairs.map((pair) => ({
      seed: pair.seed,
      value: 100 * (pair.condition - pair.standard),
      elsewhere: elsewhere(pair.seed, condition),
    }));
    const [first] = seeds;
    if (first === undefined) return [];
    const mean = 100 * (statistics?.mean ?? first.value / 100);
    // Equal differences have no spread, and so no interval.
    const spread = statistics && statistics.deviation > 0 ? statistics.interval : undefined;
    const interval = spread && ([100 * spread[0], 100 * spread[1]] as const);
    return [
      {
        key: condition,
        condition,
        about: `n = ${seeds.length}`,
        mean,
        interval,
        seeds,
        unclear: !claimed,
        value: pointsText(mean / 100),
        range: interval === undefined ? '' : `[${interval.map((end) => pointsText(end / 100)).join(', ')}]`,
      },
    ];
  });
  const farthest = Math.max(
    0,
    ...rows.flatMap(({ seeds, interval }) => [...seeds.map(({ value }) => value), ...(interval ?? [])].map(Math.abs)),
  );
  const reach = [1, 2, 5, 10, 20, 50].find((end) => farthest <= end) ?? 100;
  const name = benchmark === HELD_OUT ? 'Held-out' : benchmark;
  return (
    <Card title="Accuracy difference" subtitle={`${name}, minus Standard, 95 % interval`}>
      <IntervalPlot
        rows={rows}
        ticks={[-reach, -reach / 2, 0, reach / 2, reach]}
        format={(value) => (value > 0 ? `+${value}` : String(value).replace('-', '−'))}
        label={`Accuracy difference, ${name}, in points`}
        sides={['Standard better', 'better than Standard']}
      />
      {rows.some(({ unclear, interval }) => unclear && interval !== undefined) && (
        <p className={styles.aside}>Grey: not claimed. The reason, p or Holm’s correction, is under All outcomes.</p>
      )}
    </Card>
  );
}

function Card({
  title,
  subtitle,
  children,
}: {
  readonly title: string;
  readonly subtitle: string;
  readonly children: ReactNode;
}) {
  return (
    <section className={cards.card} aria-label={title}>
      <div className={cards.header}>
        <h2 className={cards.title}>{title}</h2>
        <span className={cards.about}>{subtitle}</span>
      </div>
      <div className={styles.plot}>{children}</div>
    </section>
  );
}
