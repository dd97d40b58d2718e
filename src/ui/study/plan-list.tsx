import { Fragment, type ReactNode } from 'react';
import { settingName } from '../../config/difference.ts';
import { formatNumber } from '../../config/quantity.ts';
import { drawnBenchmark } from '../../study/evaluation.ts';
import { HELD_OUT, type StudyPlan } from '../../study/plan.ts';
import { seedsText } from '../../study/seeds.ts';
import { benchmarkLabel } from '../../study/verdict.ts';
import { conditionLabel } from './condition-mark.tsx';
import styles from './plan-rail.module.css';
import { fixedSeedsText } from './seed-settings-group.tsx';

/** A plan as a list of facts; `children` are more of them. */
export function PlanList({ plan, children }: { readonly plan: StudyPlan; readonly children?: ReactNode }) {
  const { seeds, conditions, axes, config, evaluations, primary, seedSettings, faces } = plan;
  const beside = [HELD_OUT, ...evaluations.map(({ name }) => name)].filter((name) => name !== primary);
  return (
    <dl className={styles.facts}>
      <dt>Seeds</dt>
      <dd>{seedsText(seeds).replaceAll(',', ', ')}</dd>
      <dt>Beside Standard</dt>
      <dd>{conditions.map(({ name }) => conditionLabel(name)).join(', ')}</dd>
      {axes.map(({ setting, values }) => (
        <Fragment key={setting}>
          <dt>{settingName(setting)}</dt>
          <dd>{values.join(', ')}</dd>
        </Fragment>
      ))}
      <dt>Primary outcome</dt>
      <dd>{testText(plan, primary)}</dd>
      {beside.length > 0 && (
        <>
          <dt>Also tested on</dt>
          <dd>{beside.map(benchmarkLabel).join(', ')}</dd>
        </>
      )}
      <dt>The same for all</dt>
      <dd>{fixedSeedsText(config, seedSettings)}</dd>
      {faces !== undefined && (
        <>
          <dt>Faces</dt>
          <dd title={`SHA-256 ${faces.digest}`}>
            {faces.name}, {formatNumber(faces.identities)} people
          </dd>
        </>
      )}
      {children}
    </dl>
  );
}

/** A test with its pairs; how many a file holds its plan does not say. */
function testText({ config, evaluations }: StudyPlan, name: string): string {
  const evaluation = evaluations.find((one) => one.name === name);
  const known = evaluation === undefined || drawnBenchmark(evaluation) !== undefined;
  return known ? `${benchmarkLabel(name)}, ${formatNumber(config.verifyPairs)}` : name;
}
