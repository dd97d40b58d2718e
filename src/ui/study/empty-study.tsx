import { formatEstimate, formatNumber } from '../../config/quantity.ts';
import { countCells } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import cards from '../kit/card.module.css';
import { MoreSeedsCard } from './more-seeds-card.tsx';
import { PlanList } from './plan-list.tsx';
import styles from './study-screen.module.css';
import { usePlanTime } from './use-plan-time.ts';

/** Before the first run: the plan, its time and its power. */
export function EmptyStudy({ plan }: { readonly plan: StudyPlan | undefined }) {
  const { time, side } = usePlanTime(plan);
  const runs = plan === undefined ? 0 : countCells(plan);
  return (
    <div className={styles.pair}>
      <section className={cards.card} aria-label="Nothing run yet">
        <div className={cards.header}>
          <h2 className={cards.title}>Nothing run yet</h2>
          <span className={cards.subtitle}>each dot will be one seed</span>
        </div>
        <div className={styles.empty}>
          {plan !== undefined && (
            <>
              <PlanList plan={plan} />
              <p className={styles.count} data-testid="study-runs">
                {formatNumber(runs)} {runs === 1 ? 'run' : 'runs'},{' '}
                {time === undefined ? 'time not measured yet' : `${formatEstimate(time)} here`}
              </p>
              {time !== undefined && (
                <p>
                  {side === 1 ? 'One at a time' : `${side} at a time`}; an estimate from a timed step, by the
                  multiply-adds of each run.
                </p>
              )}
            </>
          )}
          <p>After 3 seeds the page can say which difference shows. The plan is written down before the first run.</p>
        </div>
      </section>
      <MoreSeedsCard plan={plan} />
    </div>
  );
}
