import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceDot, usePlotArea, XAxis, YAxis } from 'recharts';
import type { ArmName } from '../../../record/arm.ts';
import type { ChartRow, SeriesName } from '../../../record/figures/chart-rows.ts';
import { rangeOf } from '../../../record/figures/chart-rows.ts';
import { valueAxis } from '../../../record/figures/value-axis.ts';
import { distinctSteps } from '../distinct-steps.ts';
import { PLOT_LEFT, PLOT_RIGHT } from './plot-margins.ts';
import styles from './run-chart.module.css';

interface RunChartProps {
  readonly name: SeriesName;
  readonly rows: readonly ChartRow[];
  readonly width: number;
  readonly height: number;
  readonly totalSteps: number;
  /** Steps at which filters were re-activated. */
  readonly eventSteps: readonly number[];
  /** Step at which CRAFT stops. */
  readonly stopStep: number | undefined;
}

/** One quantity of both arms over the run. */
const RunChart = memo(function RunChart(props: RunChartProps) {
  const { name, rows, width, height, totalSteps, eventSteps, stopStep } = props;
  if (width === 0 || height === 0) return null;
  const { ticks, format } = valueAxis(name, rangeOf(rows));
  const domain = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  return (
    <LineChart
      width={width}
      height={height}
      data={[...rows]}
      margin={{ top: 7, right: PLOT_RIGHT, bottom: 7, left: 0 }}
      accessibilityLayer={false}
    >
      <CartesianGrid vertical={false} stroke="var(--hairline)" />
      <XAxis dataKey="step" type="number" domain={[0, totalSteps]} hide />
      <YAxis
        width={PLOT_LEFT}
        ticks={[...ticks]}
        domain={domain}
        interval={0}
        allowDataOverflow
        tickFormatter={format}
        tickLine={false}
        axisLine={false}
        tick={{ fontSize: 11, fill: 'var(--ink-2)' }}
      />
      <EventMarks steps={eventSteps} stopStep={stopStep} totalSteps={totalSteps} />
      <Line
        dataKey="standard"
        stroke="var(--std)"
        strokeWidth={1.75}
        strokeDasharray="6 2.5"
        dot={false}
        activeDot={false}
        connectNulls
        isAnimationActive={false}
      />
      <Line
        dataKey="craft"
        stroke="var(--craft)"
        strokeWidth={2}
        dot={false}
        activeDot={false}
        connectNulls
        isAnimationActive={false}
      />
      {(['standard', 'craft'] as const).map((arm) => (
        <Line
          key={arm}
          dataKey={`${arm}Unused`}
          stroke={arm === 'standard' ? 'var(--std)' : 'var(--craft)'}
          strokeWidth={1}
          {...(arm === 'standard' ? { strokeDasharray: '3 2' } : {})}
          dot={false}
          activeDot={false}
          connectNulls
          isAnimationActive={false}
        />
      ))}
      {endMark(rows, 'standard')}
      {endMark(rows, 'craft')}
    </LineChart>
  );
});

export default RunChart;

function endMark(rows: readonly ChartRow[], arm: ArmName) {
  const last = rows.findLast((row) => row[arm] !== undefined);
  const value = last?.[arm];
  if (last === undefined || value === undefined) return null;
  const shape =
    arm === 'standard'
      ? ({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) => (
          <rect x={cx - 4} y={cy - 4} width={8} height={8} rx={1.5} className={styles.standardEnd} />
        )
      : ({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) => (
          <circle cx={cx} cy={cy} r={4.5} className={styles.craftEnd} />
        );
  return <ReferenceDot x={last.step} y={value} r={4} shape={shape} />;
}

interface EventMarksProps {
  readonly steps: readonly number[];
  readonly stopStep: number | undefined;
  readonly totalSteps: number;
}

/** A line and a small triangle for each re-activation, a dashed line where CRAFT stops. */
function EventMarks({ steps, stopStep, totalSteps }: EventMarksProps) {
  const area = usePlotArea();
  if (area === undefined) return null;
  const place = (step: number) => area.x + (step / totalSteps) * area.width;
  const bottom = area.y + area.height;
  const drawn = distinctSteps(steps, totalSteps, area.width);
  const lines = drawn.map((step) => `M${place(step).toFixed(1)} ${area.y}V${bottom}`).join('');
  const triangles = drawn.map((step) => `M${(place(step) - 3.5).toFixed(1)} ${bottom}h7l-3.5 -6z`).join('');
  return (
    <g>
      <path className={styles.baseline} d={`M${area.x} ${bottom}h${area.width}`} />
      <path className={styles.eventLine} d={lines} />
      <path className={styles.eventMark} d={triangles} />
      {stopStep !== undefined && <path className={styles.stop} d={`M${place(stopStep)} ${area.y}V${bottom}`} />}
    </g>
  );
}
