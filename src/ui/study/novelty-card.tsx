import type { StudyRun } from '../../client/study-run.ts';
import { mean } from '../../config/average.ts';
import { looksNewer, type NoveltyRow, noveltyRows } from '../../study/novelty-rows.ts';
import { pairedStatistics } from '../../study/statistics/paired.ts';
import { meanInterval } from '../../study/statistics/student.ts';
import cards from '../kit/card.module.css';
import { conditionLabel } from './condition-mark.tsx';
import { IntervalPlot, type PlotRow } from './interval-plot.tsx';
import styles from './study-screen.module.css';

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Whether a condition's filters look newer to Standard than those of another seed of Standard are. */
export function NoveltyCard({ study, axes }: { readonly study: StudyRun; readonly axes: string }) {
  const layers = new Map(study.cells.map(({ cell, result }) => [cell.id, result?.layer]));
  const found = noveltyRows(study.plan, ({ id }) => layers.get(id), ['active']).filter(
    (one) => one.axes === axes && one.pairs.length > 0,
  );
  const control = new Map(found.flatMap(({ pairs }) => pairs.map((pair) => [pair.seed, pair.control])));
  const rows = [
    ...(control.size === 0 ? [] : [plotRow('standard', 'control', control)]),
    ...found.map(({ condition, pairs }) =>
      plotRow(condition, 'against Standard', new Map(pairs.map(({ seed, value }) => [seed, value]))),
    ),
  ];
  const newer = found.filter(isNewer);
  const unread = study.cells.some(({ result }) => result !== undefined && result.layer === undefined);
  return (
    <section className={cards.card} aria-label="New patterns?">
      <div className={cards.header}>
        <h2 className={cards.title}>New patterns?</h2>
        <span className={cards.about}>
          {rows.length >= 2 && noveltyText(newer.map(({ condition }) => conditionLabel(condition)))}
        </span>
      </div>
      {rows.length < 2 ? (
        <p className={styles.note}>
          {unread
            ? 'These results come without weights. An exported .zip of the study has those of its runs.'
            : 'Two seeds of Standard and of a condition are needed.'}
        </p>
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
            the mean over those seeds. Control: Standard itself. Seeds share Standard’s networks, so intervals are too
            narrow.
          </p>
        </>
      )}
    </section>
  );
}

function noveltyText(newer: readonly string[]): string {
  return newer.length === 0 ? 'none shown beyond another seed' : `a hint: ${newer.join(', ')}`;
}

function plotRow(condition: string, about: string, bySeed: ReadonlyMap<number, number>): PlotRow {
  const values = [...bySeed.values()];
  const interval = meanInterval(values);
  return {
    key: condition,
    condition,
    about,
    mean: mean(values),
    interval,
    seeds: [...bySeed].map(([seed, value]) => ({ seed, value, elsewhere: false })),
    unclear: false,
    value: mean(values).toFixed(2),
    range: interval === undefined ? '' : `[${interval.map((end) => end.toFixed(2)).join(', ')}]`,
  };
}

/** By the differences to the control, seed by seed. */
function isNewer({ pairs }: NoveltyRow): boolean {
  const statistics = pairedStatistics(pairs.map(({ value, control }) => value - control));
  return statistics !== undefined && looksNewer(statistics);
}
