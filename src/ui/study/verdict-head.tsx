import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import type { StudyAnalysis } from '../../study/analysis.ts';
import { verdictOn } from '../../study/verdict.ts';
import { conditionLabel } from './condition-mark.tsx';
import styles from './verdict-head.module.css';

/** The subject of the verdict. */
export interface VerdictChoice {
  readonly axes: string;
  readonly condition: string;
}

interface VerdictHeadProps {
  readonly analysis: StudyAnalysis;
  readonly benchmark: string;
  readonly choice: VerdictChoice;
  readonly choices: readonly VerdictChoice[];
  readonly onChoice: (choice: VerdictChoice) => void;
  /** Ways to take the results away. */
  readonly children: ReactNode;
}

/** The claim so far, in two clauses, with the interval and how often the rule errs. */
export function VerdictHead({ analysis, benchmark, choice, choices, onChoice, children }: VerdictHeadProps) {
  const verdict = verdictOn(analysis, { ...choice, benchmark });
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
