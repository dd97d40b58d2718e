import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import type { ArmName } from '../../../record/arm.ts';
import { stepTicks } from '../../../record/figures/step-ticks.ts';
import { type FilterCurve, filterCurve } from '../../../record/filter-life.ts';
import styles from './filter-card.module.css';

const WIDTH = 444;
const LEFT = 30;
const RIGHT = 40;
const TOP = 8;
const BOTTOM = 88;

interface FilterCurvesProps {
  readonly run: RunRecord;
  readonly arm: ArmName;
  readonly filter: number;
}

/** Norm and use of a filter over the run, with its re-activations. */
export function FilterCurves({ run, arm, filter }: FilterCurvesProps) {
  const record = run.arms[arm];
  if (record === undefined) return null;
  const norm = filterCurve(record, 'norms', filter);
  const use = filterCurve(record, 'contributions', filter);
  const highest = Math.max(...norm.values, ...use.values, 1e-6);
  const across = (step: number) => LEFT + (step / run.totalSteps) * (WIDTH - LEFT - RIGHT);
  const up = (value: number) => BOTTOM - (value / highest) * (BOTTOM - TOP);
  const path = ({ steps, values }: FilterCurve) =>
    values
      .map((value, at) => `${at === 0 ? 'M' : 'L'}${across(steps[at] ?? 0).toFixed(1)} ${up(value).toFixed(1)}`)
      .join('');
  const ends = [
    { curve: norm, text: 'norm', className: styles.norm },
    { curve: use, text: 'use', className: styles.use },
  ].filter(({ curve }) => curve.values.length > 0);
  const heights = labelHeights(ends.map(({ curve }) => up(curve.values.at(-1) ?? 0)));
  return (
    <div className={styles.curves}>
      <div className={styles.curvesHead}>
        <b>Norm and use over training</b>
        {use.values.length > 0 && <span>use = |γ| × weights of the next layer</span>}
      </div>
      <svg viewBox={`0 0 ${WIDTH} 106`} role="img" aria-label="Norm and use of the filter over training" data-arm={arm}>
        {[0, highest / 2, highest].map((tick) => (
          <g key={tick}>
            <path d={`M${LEFT} ${up(tick)}H${WIDTH - RIGHT}`} className={styles.grid} />
            <text x={LEFT - 5} y={up(tick) + 4} textAnchor="end">
              {formatNumber(Number(tick.toPrecision(2)))}
            </text>
          </g>
        ))}
        {stepTicks(run.totalSteps).map((tick) => (
          <text key={tick} x={across(tick)} y={BOTTOM + 15} textAnchor={tick === 0 ? 'start' : 'middle'}>
            {tick === 0 ? 'step 0' : formatNumber(tick)}
          </text>
        ))}
        {record.reactivationSteps(filter).map((step) => (
          <g key={step} className={styles.event}>
            <path d={`M${across(step)} ${TOP}V${BOTTOM}`} />
            <path d={`M${across(step) - 4} ${BOTTOM}h8l-4 -7z`} data-filled="true" />
          </g>
        ))}
        {ends.map(({ curve, text, className }, at) => (
          <g key={text} className={className}>
            <path d={path(curve)} />
            <text x={across(curve.steps.at(-1) ?? 0) + 6} y={(heights[at] ?? 0) + 4}>
              {text}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Labels of lines that end close to each other are moved apart. */
function labelHeights([first = 0, second]: readonly number[]): readonly number[] {
  if (second === undefined) return [first];
  const apart = first - second;
  if (Math.abs(apart) >= 12) return [first, second];
  const middle = Math.min(BOTTOM - 6, (first + second) / 2);
  return apart <= 0 ? [middle - 6, middle + 6] : [middle + 6, middle - 6];
}
