import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { formatExponential } from '../../config/quantity.ts';
import cards from '../kit/card.module.css';
import { useWidth } from '../kit/use-width.ts';
import { shortNumber } from './filter-mark.ts';
import styles from './histogram-card.module.css';
import { logHistogram } from './log-histogram.ts';
import { useInspect } from './page-inspect.ts';

const HEIGHT = 240;
/** Before the card is measured. */
const USUAL_WIDTH = 460;
const LEFT = 34;
const BOTTOM = 30;
const TOP = 26;
const ZERO_WIDTH = 26;

/** Norms, or largest weights, on a logarithmic axis with the threshold between inactive and active. */
export function HistogramCard() {
  const { report, view } = useInspect((state) => state);
  const [measure, setMeasure] = useState<'norms' | 'maxAbs'>('norms');
  const { ref, width: measured } = useWidth();
  if (report === undefined) return null;
  const found = report.inspection[view];
  const threshold = measure === 'norms' ? found.weakBelow : report.settings.epsilon;
  const values = found[measure];
  const { zeros, from, to, bins } = logHistogram(values, threshold);
  const most = Math.max(1, zeros, ...bins);
  const width = measured || USUAL_WIDTH;
  const left = LEFT + (zeros > 0 ? ZERO_WIDTH + 26 : 0);
  const x = (power: number) => left + ((power - from) / (to - from)) * (width - left - 10);
  const y = (count: number) => HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - TOP);
  const below = values.filter((value) => value < threshold || value === 0).length;
  const broken = values.filter((value) => !Number.isFinite(value)).length;
  const line = threshold > 0 ? x(Math.log10(threshold)) : left;
  const every = Math.ceil((to - from) / 8);
  const powers = Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(
    (power) => (power - from) % every === 0,
  );
  const name = measure === 'norms' ? 'Filter norm' : 'Largest |w|';
  return (
    <section className={cards.card} aria-label="Histogram" data-testid="inspect-histogram">
      <div className={cards.header}>
        <h2 className={cards.title}>{measure === 'norms' ? 'Norms' : 'Largest weights'}</h2>
        <span className={cards.caption}>number of filters</span>
        <SegmentedControl
          size="xs"
          aria-label="Measure"
          value={measure}
          onChange={(value) => setMeasure(value === 'maxAbs' ? 'maxAbs' : 'norms')}
          data={[
            { value: 'norms', label: 'Norm' },
            { value: 'maxAbs', label: 'Largest |w|' },
          ]}
        />
      </div>
      <div ref={ref} className={styles.frame}>
        <svg
          className={styles.chart}
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${name} of ${values.length} filters: ${below} below ${shortNumber(threshold)}, ${zeros} exactly zero`}
        >
          <defs>
            <pattern
              id="inspect-hatch"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <path d="M0 0V5" className={styles.hatch} />
            </pattern>
          </defs>
          {[0, most].map((count) => (
            <g key={count}>
              <path d={`M${LEFT} ${y(count)}H${width - 10}`} className={styles.grid} />
              <text x={LEFT - 6} y={y(count) + 4} textAnchor="end">
                {count}
              </text>
            </g>
          ))}
          {zeros > 0 && (
            <g>
              <rect x={LEFT + 2} y={y(zeros)} width={ZERO_WIDTH} height={y(0) - y(zeros)} data-below="" />
              <text x={LEFT + 2 + ZERO_WIDTH / 2} y={HEIGHT - BOTTOM + 14} textAnchor="middle">
                zero
              </text>
            </g>
          )}
          {bins.map((count, bin) => {
            const start = x(from + bin / 4);
            const end = x(from + (bin + 1) / 4);
            return count === 0 ? null : (
              <rect
                key={start}
                x={start + 0.75}
                y={y(count)}
                width={Math.max(1, end - start - 1.5)}
                height={y(0) - y(count)}
                data-below={(start + end) / 2 < line ? '' : undefined}
              />
            );
          })}
          {powers.map((power) => (
            <text key={power} x={x(power)} y={HEIGHT - BOTTOM + 14} textAnchor="middle">
              {power >= -3 && power <= 3 ? Number((10 ** power).toPrecision(1)) : formatExponential(10 ** power, 0)}
            </text>
          ))}
          {threshold > 0 && <path d={`M${line} ${TOP - 8}V${HEIGHT - BOTTOM}`} className={styles.threshold} />}
          <text x={LEFT} y={12}>{`${below} below ${shortNumber(threshold)}`}</text>
          <text
            x={width - 10}
            y={12}
            textAnchor="end"
          >{`${values.length - below - broken} at or above${broken > 0 ? `, ${broken} not finite` : ''}`}</text>
          <text x={(left + width) / 2} y={HEIGHT - 2} textAnchor="middle">{`${name} (log scale)`}</text>
        </svg>
      </div>
    </section>
  );
}
