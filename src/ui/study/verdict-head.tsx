import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { formatNumber } from '../../config/quantity.ts';
import { isTest, type StudyAnalysis } from '../../study/analysis.ts';
import type { StudyPlan } from '../../study/plan.ts';
import { verdictOn } from '../../study/verdict.ts';
import { conditionLabel } from './condition-mark.tsx';
import { useTwoWay } from './use-two-way.ts';
import styles from './verdict-head.module.css';

/** The subject of the verdict. */
export interface VerdictChoice {
  readonly axes: string;
  readonly condition: string;
}

interface VerdictHeadProps {
  readonly plan: StudyPlan;
  /** Has the scores of the runs trained here. */
  readonly study: StudyRun | undefined;
  readonly analysis: StudyAnalysis;
  readonly choice: VerdictChoice;
  readonly choices: readonly VerdictChoice[];
  readonly onChoice: (choice: VerdictChoice) => void;
  /** Ways to take the results away. */
  readonly children: ReactNode;
}

/** The claim so far, in two clauses, with the interval and how often the rule errs. */
export function VerdictHead({ plan, study, analysis, choice, choices, onChoice, children }: VerdictHeadProps) {
  const { primary: benchmark } = plan;
  const accuracy = analysis.comparisons.find(
    ({ axes, condition, outcome }) =>
      sameChoice({ axes, condition }, choice) && isTest(outcome) && outcome.benchmark === benchmark,
  );
  const overPeople = useTwoWay(plan, study, accuracy);
  const verdict = verdictOn(analysis, { ...choice, benchmark }, () => overPeople);
  return (
    <section className={styles.head} aria-label="Verdict">
      <div className={styles.text}>
        <div className={styles.above}>
          {verdict.interim && (
            <span
              className={styles.interim}
              title="A verdict that is read while seeds are missing may turn: only the planned end counts."
            >
              Interim · {formatNumber(analysis.complete)} of {formatNumber(analysis.planned)} seeds
            </span>
          )}
          {choices.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Verdict on"
              data={choices.map((one, place) => ({ value: String(place), label: choiceText(one) }))}
              value={String(choices.findIndex((one) => sameChoice(one, choice)))}
              onChange={(event) => onChoice(choices[Number(event.currentTarget.value)] ?? choice)}
            />
          )}
        </div>
        <h2 data-testid="study-verdict">{verdict.headline}</h2>
        <p>{verdict.detail}</p>
        <p className={styles.check} data-testid="study-aa">
          <b>A/A check</b> {verdict.check}
        </p>
      </div>
      <div className={styles.actions}>{children}</div>
    </section>
  );
}

function sameChoice(one: VerdictChoice, other: VerdictChoice): boolean {
  return one.axes === other.axes && one.condition === other.condition;
}

function choiceText({ axes, condition }: VerdictChoice): string {
  const text = `${conditionLabel(condition)} against Standard`;
  return axes === '' ? text : `${text}, ${axes.replaceAll(';', ', ')}`;
}
