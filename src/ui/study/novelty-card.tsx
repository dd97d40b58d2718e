import type { StudyRun } from '../../client/study-run.ts';
import { mean } from '../../config/average.ts';
import { conditionsOf } from '../../study/cells.ts';
import { excludesZero, pairedStatistics } from '../../study/statistics/paired.ts';
import { FEWEST_SEEDS } from '../../study/statistics/power.ts';
import { type FinalLayer, noveltyBySeed } from '../../study/statistics/seed-novelty.ts';
import { meanInterval } from '../../study/statistics/student.ts';
import cards from '../kit/card.module.css';
import { conditionLabel } from './condition-mark.tsx';
import { IntervalPlot, type PlotRow } from './interval-plot.tsx';
import styles from './study-screen.module.css';

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Whether a condition's filters are newer to Standard than those of another seed of Standard are. */
export function NoveltyCard({ study, axes }: { readonly study: StudyRun; readonly axes: string }) {
  const layers = layersOf(study, axes);
  const standard = layers.get('standard') ?? new Map();
  const control = noveltyBySeed(standard, standard);
  const found = conditionsOf(study.plan).flatMap(({ name }) => {
    const bySeed = name === 'standard' ? control : noveltyBySeed(layers.get(name) ?? new Map(), standard);
    return bySeed.size === 0 ? [] : [{ name, bySeed }];
  });
  const rows = found.map(({ name, bySeed }): PlotRow => {
    const seeds = [...bySeed].map(([seed, value]) => ({ seed, value, elsewhere: false }));
    const values = seeds.map(({ value }) => value);
    const interval = meanInterval(values);
    return {
      key: name,
      condition: name,
      about: name === 'standard' ? 'control' : 'against Standard',
      mean: mean(values),
      interval,
      seeds,
      unclear: false,
      value: mean(values).toFixed(2),
      range: interval === undefined ? '' : `[${interval.map((end) => end.toFixed(2)).join(', ')}]`,
    };
  });
  const newer = found.filter(({ name, bySeed }) => name !== 'standard' && isNewer(bySeed, control));
  return (
    <section className={cards.card} aria-label="New patterns?">
      <div className={cards.header}>
        <h2 className={cards.title}>New patterns?</h2>
        <span className={cards.subtitle}>
          {rows.length >= 2 && noveltyText(newer.map(({ name }) => conditionLabel(name)))}
        </span>
      </div>
      {rows.length < 2 ? (
        <p className={styles.note}>Two seeds of Standard and of a condition are needed.</p>
      ) : (
        <>
          <div className={styles.plot}>
            <IntervalPlot
              rows={rows}
              ticks={TICKS}
              format={(value) => (value === 0 ? 'same' : String(value))}
              label="Novelty"
            />
          </div>
          <p className={styles.note}>
            1 − highest |cosine| with any active filter of Standard with another seed: the median over active filters,
            the mean over those seeds. Control: Standard itself.
          </p>
        </>
      )}
    </section>
  );
}

function noveltyText(newer: readonly string[]): string {
  return newer.length === 0 ? 'none shown beyond another seed' : `${newer.join(', ')}: beyond another seed`;
}

/** By the interval of the differences to the control, seed by seed. */
function isNewer(bySeed: ReadonlyMap<number, number>, control: ReadonlyMap<number, number>): boolean {
  const differences = [...bySeed].flatMap(([seed, value]) => {
    const other = control.get(seed);
    return other === undefined ? [] : [value - other];
  });
  const statistics = pairedStatistics(differences);
  return (
    statistics !== undefined &&
    statistics.seeds >= FEWEST_SEEDS &&
    statistics.mean > 0 &&
    excludesZero(statistics.interval)
  );
}

/** The final first layers at a point of the axes, by condition and seed. */
function layersOf(study: StudyRun, axes: string): ReadonlyMap<string, ReadonlyMap<number, FinalLayer>> {
  const layers = new Map<string, Map<number, FinalLayer>>();
  for (const { cell, result } of study.cells) {
    if (cell.axes !== axes || result?.layer === undefined) continue;
    const seeds = layers.get(cell.condition.name) ?? new Map<number, FinalLayer>();
    layers.set(cell.condition.name, seeds.set(cell.seed, result.layer));
  }
  return layers;
}
