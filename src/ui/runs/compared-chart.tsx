import { CartesianGrid, Line, LineChart, ReferenceDot, XAxis, YAxis } from 'recharts';
import { formatNumber } from '../../config/quantity.ts';
import { ARM_LABELS, ARMS } from '../../record/arm.ts';
import { decimate } from '../../record/decimation.ts';
import { stepTicks } from '../../record/figures/step-ticks.ts';
import { readoutText, valueAxis } from '../../record/figures/value-axis.ts';
import type { RunHistory } from '../../record/run-history.ts';
import type { KeptRun } from '../../worker/runs/kept-run.ts';
import styles from './compare-runs.module.css';

const MOST_POINTS = 300;
const HEIGHT = 190;

interface Side {
  readonly title: string;
  readonly run: KeptRun;
  readonly history: RunHistory;
}

interface ComparedChartProps {
  readonly name: 'inactiveShare' | 'loss';
  readonly title: string;
  readonly left: Side;
  readonly right: Side;
  readonly width: number;
}

type Point = { readonly step: number; readonly value: number };

/** A line of every arm of both runs; the second run's are dotted and end in hollow marks. */
export function ComparedChart({ name, title, left, right, width }: ComparedChartProps) {
  const lines = [left, right].flatMap((side, place) =>
    ARMS.flatMap((arm) => {
      const points = pointsOf(side.history, arm, name);
      return points.length === 0 ? [] : [{ key: `${place}-${arm}`, side, arm, points, second: place === 1 }];
    }),
  );
  // Up to where the longer one got: a run that was stopped early is still seen.
  const total = Math.max(1, ...lines.flatMap(({ points }) => points.map(({ step }) => step)));
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const range = values.length === 0 ? undefined : ([Math.min(...values), Math.max(...values)] as const);
  const { ticks, format } = valueAxis(name, range);
  const spoken = lines.map(({ side, arm, points }) => {
    return `${side.title}, ${ARM_LABELS[arm]}: ${readoutText(name, points.at(-1)?.value ?? 0)}`;
  });
  return (
    <>
      <h3>{title}</h3>
      <div role="img" aria-label={`${title}. ${spoken.join('; ') || 'Nothing measured'}.`} className={styles.plot}>
        {width > 0 && (
          <LineChart
            width={width}
            height={HEIGHT}
            margin={{ top: 8, right: 14, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis
              dataKey="step"
              type="number"
              domain={[0, total]}
              ticks={[...stepTicks(total)]}
              tickFormatter={(step: number) => (step === 0 ? 'step 0' : formatNumber(step))}
              tickLine={false}
              axisLine={{ stroke: 'var(--mark)' }}
              tick={{ fontSize: 11, fill: 'var(--ink-2)' }}
            />
            <YAxis
              width={48}
              ticks={[...ticks]}
              domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1]}
              interval={0}
              allowDataOverflow
              tickFormatter={format}
              tickLine={false}
              axisLine={false}
              tick={{ fontSize: 11, fill: 'var(--ink-2)' }}
            />
            {lines.map(({ key, arm, points, second }) => (
              <Line
                key={key}
                data={[...points]}
                dataKey="value"
                stroke={arm === 'standard' ? 'var(--std)' : 'var(--craft)'}
                strokeWidth={arm === 'standard' ? 1.75 : 2}
                {...(second ? { strokeDasharray: '1.5 3.5' } : arm === 'standard' ? { strokeDasharray: '6 2.5' } : {})}
                dot={false}
                activeDot={false}
                isAnimationActive={false}
              />
            ))}
            {lines.map(({ key, arm, points, second }) => {
              const last = points.at(-1);
              if (last === undefined) return null;
              const colour = arm === 'standard' ? 'var(--std)' : 'var(--craft)';
              const look = { fill: second ? 'var(--surface)' : colour, stroke: colour, strokeWidth: 1.75 };
              return (
                <ReferenceDot
                  key={key}
                  x={last.step}
                  y={last.value}
                  shape={({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) =>
                    arm === 'standard' ? (
                      <rect x={cx - 3.5} y={cy - 3.5} width={7} height={7} {...look} />
                    ) : (
                      <circle cx={cx} cy={cy} r={4} {...look} />
                    )
                  }
                />
              );
            })}
          </LineChart>
        )}
      </div>
    </>
  );
}

function pointsOf(history: RunHistory, arm: (typeof ARMS)[number], name: 'inactiveShare' | 'loss'): readonly Point[] {
  const table = history.arms[arm]?.[name];
  if (table === undefined) return [];
  return decimate(table.steps, table.rows, MOST_POINTS).flatMap((at) => {
    const [step, value] = [table.steps[at], table.rows[at]];
    return step === undefined || value === undefined || !Number.isFinite(value) ? [] : [{ step, value }];
  });
}
