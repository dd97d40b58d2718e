import { extent } from '../../config/extent.ts';
import { formatNumber } from '../../config/quantity.ts';
import { type Comparison, isTest, type StudyAnalysis } from '../../study/analysis.ts';
import { HELD_OUT } from '../../study/plan.ts';
import type { Outcome } from '../../study/results.ts';
import { SAMPLED, smallestP } from '../../study/statistics/sign-flip.ts';
import { chanceText, pointsText } from '../../study/verdict.ts';
import type { Interval } from '../../verification/bootstrap.ts';
import cards from '../kit/card.module.css';
import { conditionLabel } from './condition-mark.tsx';
import styles from './outcomes-card.module.css';
import type { VerdictChoice } from './verdict-head.tsx';

/** A condition against Standard in every outcome, corrected for looking at several. */
export function OutcomesCard({
  analysis,
  choice,
}: {
  readonly analysis: StudyAnalysis;
  readonly choice: VerdictChoice;
}) {
  const rows = analysis.comparisons.filter((one) => one.axes === choice.axes && one.condition === choice.condition);
  const compared = rows.filter(({ statistics }) => statistics !== undefined);
  const [first] = compared;
  const [fewest, most] = extent(compared.flatMap(({ statistics }) => statistics?.seeds ?? [])) ?? [0, 0];
  return (
    <section className={cards.card} aria-label="All outcomes">
      <div className={cards.header}>
        <h2 className={cards.title}>All outcomes</h2>
        <span className={cards.subtitle}>
          {conditionLabel(choice.condition)} minus Standard
          {first !== undefined && `, ${fewest === most ? '' : `${fewest} to `}${most} seeds`}
        </span>
      </div>
      {first?.statistics === undefined ? (
        <p className={styles.note}>Two seeds of both are needed for an interval.</p>
      ) : (
        <>
          <div className={styles.scroll}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">Outcome</th>
                  <th scope="col">Points, 95 % interval</th>
                  <th scope="col">p</th>
                  <th scope="col">Holm</th>
                </tr>
              </thead>
              <tbody>
                {compared.map((comparison) => (
                  <Row key={JSON.stringify(comparison.outcome)} comparison={comparison} />
                ))}
              </tbody>
            </table>
          </div>
          <p className={styles.note}>
            p: {first.statistics.method === 'exact' ? 'exact sign flips' : `sign flips, ${formatNumber(SAMPLED)} drawn`}
            . The smallest one possible with {most} seeds is {chanceText(smallestP(most))}. Holm corrects all outcomes
            but the primary one, over all conditions and settings.
          </p>
        </>
      )}
    </section>
  );
}

function Row({
  comparison: { outcome, statistics, primary, corrected, claimed },
}: {
  readonly comparison: Comparison;
}) {
  if (statistics === undefined) return null;
  const { interval, mean, p, bca, deviation } = statistics;
  return (
    <tr data-claimed={claimed || undefined}>
      <th scope="row">
        {outcomeName(outcome)} {primary && <small>primary</small>}
      </th>
      <td>
        <b>{pointsText(mean)}</b> <span>{deviation === 0 ? 'in every seed' : bracket(interval)}</span>
        {bca !== undefined && <small className={styles.second}>BCa {bracket(bca)}</small>}
      </td>
      <td>{chanceText(p)}</td>
      <td>{primary || corrected === undefined ? '–' : chanceText(corrected)}</td>
    </tr>
  );
}

function bracket(interval: Interval): string {
  return `[${interval.map(pointsText).join(', ')}]`;
}

function outcomeName(outcome: Outcome): string {
  const { measure, benchmark } = outcome;
  if (isTest(outcome)) return `${benchmark === HELD_OUT ? 'Held-out' : benchmark}${measure === 'tar' ? ', TAR' : ''}`;
  return measure === 'unused_share' ? 'Unused share' : 'Inactive share';
}
