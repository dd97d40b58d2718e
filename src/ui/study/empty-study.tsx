import { formatEstimate, formatNumber } from '../../config/quantity.ts';
import { cellsOf } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { seedsText } from '../../study/seeds.ts';
import cards from '../kit/card.module.css';
import { useDuration } from '../state/step-times.ts';
import { useRunState } from '../state/store-context.tsx';
import { conditionLabel } from './condition-mark.tsx';
import { MoreSeedsCard } from './more-seeds-card.tsx';
import rail from './plan-rail.module.css';
import styles from './study-screen.module.css';

/** Before the first run: the plan, its time and its power. */
export function EmptyStudy({ plan }: { readonly plan: StudyPlan | undefined }) {
  const config = useRunState((state) => state.config);
  // A run of a study has one arm.
  const duration = useDuration({ ...config, arms: 'craft' });
  const runs = plan === undefined ? 0 : cellsOf(plan).length;
  const varied = (plan?.axes.length ?? 0) > 0;
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
              <dl className={rail.facts}>
                <dt>Seeds</dt>
                <dd>{seedsText(plan.seeds).replaceAll(',', ', ')}</dd>
                <dt>Beside Standard</dt>
                <dd>{plan.conditions.map(({ name }) => conditionLabel(name)).join(', ')}</dd>
                <dt>Primary outcome</dt>
                <dd>held-out accuracy, {formatNumber(plan.config.verifyPairs)} pairs</dd>
                <dt>The same for all seeds</dt>
                <dd>people, split, pairs</dd>
              </dl>
              <p className={styles.count} data-testid="study-runs">
                {formatNumber(runs)} {runs === 1 ? 'run' : 'runs'},{' '}
                {duration === undefined || varied
                  ? 'time not measured yet'
                  : `${formatEstimate(runs * duration)} here, one after the other`}
              </p>
            </>
          )}
          <p>After 3 seeds the page can say which difference shows. The plan is written down before the first run.</p>
        </div>
      </section>
      <MoreSeedsCard plan={plan} />
    </div>
  );
}
