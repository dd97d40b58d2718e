import type { ReactNode } from 'react';
import { formatFixed, formatPercent } from '../../config/quantity.ts';
import type { ConditionValues, StudyAnalysis } from '../../study/analysis.ts';
import type { Measure } from '../../study/results.ts';
import cards from '../kit/card.module.css';
import { ConditionTitle } from './condition-mark.tsx';
import styles from './outcomes-card.module.css';

/** How the re-activated filters of each condition fare, beside filters that only decay. */
export function SurvivalCard({ analysis, axes }: { readonly analysis: StudyAnalysis; readonly axes: string }) {
  const here = analysis.values.filter((one) => one.axes === axes);
  const rows = here.filter(({ outcome }) => outcome.measure === 'reactivations');
  if (rows.length === 0) return null;
  const of = (condition: string, measure: Measure) =>
    here.find((one) => one.condition === condition && one.outcome.measure === measure);
  return (
    <section className={cards.card} aria-label="Survival">
      <div className={cards.header}>
        <h2 className={cards.title}>Survival</h2>
        <span className={cards.subtitle}>of re-activated filters</span>
      </div>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Condition</th>
              <th scope="col">Seeds</th>
              <th scope="col">Times</th>
              <th scope="col">Next check</th>
              <th scope="col">End</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ condition, seeds, mean }) => (
              <tr key={condition}>
                <th scope="row">
                  <ConditionTitle name={condition} />
                </th>
                <td data-count>{`${of(condition, 'survival_end')?.seeds.length ?? 0} of\u00a0${seeds.length}`}</td>
                <td>{formatFixed(mean, 1)}</td>
                <td>{besideDecay(of(condition, 'survival_next'), of(condition, 'decay_survival_next'))}</td>
                <td>{besideDecay(of(condition, 'survival_end'), of(condition, 'decay_survival_end'))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.note}>
        Share of them that is active, below it that of filters that only decay: means over the seeds that re-activated.
        Times: re-activations a seed, mean over all.
      </p>
    </section>
  );
}

function besideDecay(found: ConditionValues | undefined, decay: ConditionValues | undefined): ReactNode {
  if (found === undefined) return '–';
  return (
    <>
      {formatPercent(found.mean)}
      {decay !== undefined && <small className={styles.second}>decay {formatPercent(decay.mean)}</small>}
    </>
  );
}
