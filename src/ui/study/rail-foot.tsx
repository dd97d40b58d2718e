import { useEffect, useState } from 'react';
import { formatDuration, formatEstimate, formatNumber } from '../../config/quantity.ts';
import { axesPoints } from '../../study/axes.ts';
import { countCells } from '../../study/cells.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { keptInWords } from '../kit/run-words.ts';
import styles from './plan-rail.module.css';
import { studyRuns, useStudy } from './study-store.ts';
import { timeOfAll } from './study-time.ts';
import { usePlanTime } from './use-plan-time.ts';

/** How many runs the plan has and how long they take here, as far as that was measured. */
export function RailFoot({ plan }: { readonly plan: StudyPlan | undefined }) {
  useStudy(({ version }) => version);
  const study = useStudy((state) => state.study);
  const revision = study?.revision;
  const [kept, setKept] = useState('');
  useEffect(() => {
    if (revision === undefined) return setKept('');
    // Of a browser that refuses storage nothing is known; a notice says so.
    studyRuns.list().then(
      ({ runs }) => setKept(keptInWords(runs)),
      () => {},
    );
  }, [revision]);
  const planned = usePlanTime(plan);
  if (plan === undefined) return null;
  const runs = countCells(plan);
  const took = study === undefined ? planned.time && planned.time * planned.side : timeOfAll(study);
  const side = study?.side ?? planned.side;
  const points = axesPoints(plan.axes).length;
  const parts = [
    `${formatNumber(plan.seeds.length)} ${plan.seeds.length === 1 ? 'seed' : 'seeds'}`,
    `${plan.conditions.length + 1} conditions`,
    ...(points > 1 ? [`${points} settings`] : []),
  ];
  return (
    <div className={styles.foot} data-testid="study-size">
      <p>
        {parts.join(' × ')}
        <b>
          {formatNumber(runs)} {runs === 1 ? 'run' : 'runs'}
          {took !== undefined && `, ${formatEstimate(took / Math.min(side, runs))} here`}
        </b>
        {took === undefined
          ? 'The time is not measured yet.'
          : `${side} at a time, ${points > 1 ? 'on average ' : ''}${formatDuration(took / runs)} a run, an estimate from ${study === undefined ? 'a timed step' : 'those trained'}`}
      </p>
      <p>Finished runs are kept if you close the tab. {kept}</p>
    </div>
  );
}
