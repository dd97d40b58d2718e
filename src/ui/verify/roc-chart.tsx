import { useElementSize } from '@mantine/hooks';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { formatExponential, formatPercent } from '../../config/quantity.ts';
import type { BenchmarkResult } from '../../worker/verification/protocol.ts';
import type { Column } from './columns.ts';
import styles from './roc-chart.module.css';

interface RocChartProps {
  readonly result: BenchmarkResult;
  readonly columns: readonly Column[];
  readonly label: string;
}

const HEIGHT = 268;

/** True-accept rate over a logarithmic false-accept rate, a line each network: dashed left, solid right. */
export function RocChart({ result, columns, label }: RocChartProps) {
  const { ref, width } = useElementSize();
  const lowest = Math.min(...result.arms.map(({ roc }) => roc.far[0] ?? 1));
  const decades = Math.max(1, Math.ceil(-Math.log10(lowest)));
  const ticks = Array.from({ length: decades + 1 }, (_, place) => 10 ** (place - decades));
  const described = result.arms.map((arm, place) => {
    const at = arm.tars.find(({ far }) => far === 0.01);
    return `${columns[place]?.name}: ${formatPercent(at?.tar ?? 0, 1)} at FAR 0.01, AUC ${arm.auc.toFixed(3)}`;
  });
  return (
    <div ref={ref} className={styles.chart} role="img" aria-label={`ROC on ${label}. ${described.join('. ')}`}>
      {width > 0 && (
        <LineChart
          width={width}
          height={HEIGHT}
          margin={{ top: 10, right: 16, bottom: 18, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--hairline)" />
          <XAxis
            dataKey="far"
            type="number"
            scale="log"
            domain={[10 ** -decades, 1]}
            ticks={ticks}
            // Else the library leaves out the last one, and the axis has no right end.
            interval={0}
            tickFormatter={(rate: number) =>
              rate >= 1e-4 ? String(Number(rate.toPrecision(1))) : formatExponential(rate, 0)
            }
            allowDataOverflow
            tickLine={false}
            stroke="var(--mark)"
            tick={{ fontSize: 11, fill: 'var(--ink-2)' }}
            label={{
              value: 'False accept rate (log scale)',
              position: 'bottom',
              offset: 0,
              fontSize: 11,
              fill: 'var(--ink-2)',
            }}
          />
          <YAxis
            width={48}
            domain={[0, 1]}
            ticks={[0, 0.25, 0.5, 0.75, 1]}
            interval={0}
            tickFormatter={(share: number) => formatPercent(share)}
            tickLine={false}
            axisLine={false}
            tick={{ fontSize: 11, fill: 'var(--ink-2)' }}
          />
          {result.arms.map(({ roc }, place) => {
            const column = columns[place];
            const dashed = column?.mark === 'standard';
            return (
              <Line
                key={column?.id ?? place}
                data={roc.far.map((far, at) => ({ far, tar: roc.tar[at] }))}
                dataKey="tar"
                stroke={dashed ? 'var(--std)' : 'var(--craft)'}
                strokeWidth={dashed ? 1.75 : 2}
                {...(dashed ? { strokeDasharray: '6 2.5' } : {})}
                dot={false}
                activeDot={false}
                isAnimationActive={false}
              />
            );
          })}
        </LineChart>
      )}
    </div>
  );
}
