import type { Comparison, StudyAnalysis } from '../../study/analysis.ts';
import { HELD_OUT } from '../../study/plan.ts';
import type { Outcome } from '../../study/results.ts';
import { chanceText } from '../../study/verdict.ts';
import { signedPoints } from '../../verification/points.ts';
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
  return (
    <section className={cards.card} aria-label="All outcomes">
      <div className={cards.header}>
        <h2 className={cards.title}>All outcomes</h2>
        <span className={cards.subtitle}>
          {conditionLabel(choice.condition)} minus Standard
          {first?.statistics !== undefined && `, ${first.statistics.seeds} seeds`}
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
            p: {first.statistics.method === 'exact' ? 'exact sign flips' : 'sign flips, 100 000 drawn'}. The smallest
            one possible with {first.statistics.seeds} seeds is {chanceText(first.statistics.smallestP)}. Holm corrects
            the accuracies but the primary one over all conditions; shares of filters are not corrected.
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
  const { interval, mean, p } = statistics;
  return (
    <tr data-claimed={claimed || undefined}>
      <th scope="row">
        {outcomeName(outcome)} {primary && <small>primary</small>}
      </th>
      <td>
        <b>{signedPoints(100 * mean)}</b> [{interval.map((end) => signedPoints(100 * end)).join(', ')}]
      </td>
      <td>{chanceText(p)}</td>
      <td>{primary || outcome.measure !== 'accuracy' || corrected === undefined ? '–' : chanceText(corrected)}</td>
    </tr>
  );
}

function outcomeName({ measure, benchmark }: Outcome): string {
  if (measure === 'accuracy') return benchmark === HELD_OUT ? 'Held-out' : benchmark;
  return measure === 'unused_share' ? 'Unused share' : 'Inactive share';
}
