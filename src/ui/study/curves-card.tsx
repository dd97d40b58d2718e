import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { extent } from '../../config/extent.ts';
import { formatNumber, formatPercent } from '../../config/quantity.ts';
import { valueAxis } from '../../record/figures/value-axis.ts';
import { countedRows } from '../../study/analysis.ts';
import { conditionsOf } from '../../study/cells.ts';
import { HELD_OUT } from '../../study/plan.ts';
import type { Outcome } from '../../study/results.ts';
import { type Curve, curveOf } from '../../study/statistics/curves.ts';
import cards from '../kit/card.module.css';
import { useWidth } from '../kit/use-width.ts';
import { ConditionTitle, conditionLabel } from './condition-mark.tsx';
import styles from './curves-card.module.css';
import type { ShownStudy } from './shown-study.ts';

const CHOICES = {
  inactiveShare: { label: 'Inactive', title: 'Inactive share', outcome: { measure: 'inactive_share', benchmark: '' } },
  verification: {
    label: 'Accuracy',
    title: 'Held-out accuracy',
    outcome: { measure: 'accuracy', benchmark: HELD_OUT },
  },
  loss: { label: 'Loss', title: 'Loss', outcome: { measure: 'loss', benchmark: '' } },
} as const satisfies Record<string, { label: string; title: string; outcome: Outcome }>;
type Choice = keyof typeof CHOICES;

const HEIGHT = 210;
const PLOT = { left: 44, right: 12, top: 8, bottom: 22 };

/** Every seed a thin line, the mean a thick one with its interval, at measured steps only. */
export function CurvesCard({ shown: { plan, rows }, axes }: { readonly shown: ShownStudy; readonly axes: string }) {
  const [choice, setChoice] = useState<Choice>('inactiveShare');
  const { title, outcome } = CHOICES[choice];
  const curves = useMemo(() => {
    const here = countedRows(plan, rows).filter((row) => row.axes === axes && row.measure === outcome.measure);
    return conditionsOf(plan).flatMap(({ name }) => {
      const curve = curveOf(
        here.filter(({ condition }) => condition === name),
        outcome,
      );
      return curve.means.length === 0 ? [] : [{ name, curve }];
    });
  }, [plan, rows, axes, outcome]);
  return (
    <section className={cards.card} aria-label="Curves">
      <div className={cards.header}>
        <h2 className={cards.title}>{title}</h2>
        <span className={cards.about}>{seedsText(curves.map(({ curve }) => curve))}measured steps only</span>
        <span className={cards.spacer} />
        <SegmentedControl
          size="xs"
          className={styles.choice ?? ''}
          aria-label="Curve shown"
          data={Object.entries(CHOICES).map(([value, { label }]) => ({ value, label }))}
          value={choice}
          onChange={(value) => {
            if (value === 'inactiveShare' || value === 'verification' || value === 'loss') setChoice(value);
          }}
        />
      </div>
      <Plot title={title} name={choice} curves={curves} />
      <ul className={styles.legend}>
        {curves.map(({ name, curve }) => (
          <li key={name}>
            <ConditionTitle name={name} /> <b>{valueText(choice, curve.means.at(-1)?.value ?? Number.NaN)}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface PlotProps {
  readonly title: string;
  readonly name: Choice;
  readonly curves: readonly { readonly name: string; readonly curve: Curve }[];
}

function Plot({ title, name, curves }: PlotProps) {
  const { ref, width } = useWidth();
  const points = curves.flatMap(({ curve }) => curve.seeds.flatMap((seed) => seed.points));
  const last = Math.max(1, extent(points.map(({ step }) => step))?.[1] ?? 1);
  const { ticks, format } = valueAxis(name, extent(points.map(({ value }) => value)));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const x = (step: number) => PLOT.left + (step / last) * (width - PLOT.left - PLOT.right);
  const y = (value: number) =>
    PLOT.top +
    (1 - (Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (HEIGHT - PLOT.top - PLOT.bottom);
  const line = (of: readonly { readonly step: number; readonly value: number }[]) =>
    of
      .map(({ step, value }, place) => `${place === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`)
      .join('');
  const spoken = curves.map(({ name: condition, curve }) => {
    const end = curve.means.at(-1);
    return `${conditionLabel(condition)} ${valueText(name, end?.value ?? Number.NaN)}, ${end?.seeds ?? 0} seeds`;
  });
  return (
    <div ref={ref} className={styles.plot} style={{ height: HEIGHT }}>
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${title} over training. At the end: ${spoken.join('; ')}.`}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <path className={styles.grid} d={`M${PLOT.left} ${y(tick)}H${width - PLOT.right}`} />
              <text className={styles.tick} x={PLOT.left - 8} y={y(tick) + 4} data-end>
                {format(tick)}
              </text>
            </g>
          ))}
          {[0, 0.5, 1].map((share) => (
            <text
              key={share}
              className={styles.tick}
              x={x(share * last)}
              y={HEIGHT - 6}
              data-start={share === 0 || undefined}
              data-end={share === 1 || undefined}
            >
              {share === 0 ? 'step 0' : formatNumber(Math.round(share * last))}
            </text>
          ))}
          {curves.map(({ name: condition, curve }) => (
            <g key={condition} className={styles.curve} data-condition={condition}>
              <path className={styles.band} d={bandOf(curve, x, y)} />
              {curve.seeds.map(({ seed, points: own }) => (
                <path key={seed} className={styles.seed} d={line(own)} />
              ))}
              <path className={styles.mean} d={line(curve.means)} />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

/** The intervals as one outline; steps of a single seed have none. */
function bandOf({ means }: Curve, x: (step: number) => number, y: (value: number) => number): string {
  const known = means.flatMap(({ step, interval }) => (interval === undefined ? [] : [{ step, interval }]));
  if (known.length < 2) return '';
  const upper = known.map(({ step, interval }) => `${x(step).toFixed(1)} ${y(interval[1]).toFixed(1)}`);
  const lower = known.map(({ step, interval }) => `${x(step).toFixed(1)} ${y(interval[0]).toFixed(1)}`).reverse();
  return `M${[...upper, ...lower].join('L')}z`;
}

/** "n = 9 seeds; ", or "n = 3 to 9 seeds; " where the conditions have more and fewer. */
function seedsText(curves: readonly Curve[]): string {
  const counts = curves.map(({ seeds }) => seeds.length);
  if (counts.length === 0) return '';
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `n = ${fewest === most ? most : `${fewest} to ${most}`} ${most === 1 ? 'seed' : 'seeds'}; `;
}

function valueText(name: Choice, value: number): string {
  if (name === 'loss') return value.toFixed(2);
  return formatPercent(value, name === 'verification' ? 1 : 0);
}
