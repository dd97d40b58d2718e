import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { formatNumber } from '../../config/quantity.ts';
import { noticeText } from '../../formats/outside-text.ts';
import { StudyProblem } from '../../study/problem.ts';
import { seedsText } from '../../study/seeds.ts';
import { PlanList } from './plan-list.tsx';
import styles from './plan-rail.module.css';

/** The plan of the study there is. It was written down before the first run; only seeds can be added. */
export function PlanFacts({ study, locked }: { readonly study: StudyRun; readonly locked: boolean }) {
  const { addedSeeds: added = [] } = study.plan;
  return (
    <>
      <section className={styles.group}>
        <h2>Plan</h2>
        <PlanList plan={study.plan}>
          <dt>Steps</dt>
          <dd>{formatNumber(study.plan.config.steps)}</dd>
          <dt>Made</dt>
          <dd>{new Date(study.startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}</dd>
        </PlanList>
        <p className={styles.note}>
          Written down before the first run
          {added.length > 0 && `, but for seeds ${seedsText(added)}, added after it`}. Reset plans another study.
        </p>
      </section>
      <AddSeeds study={study} locked={locked} />
    </>
  );
}

function AddSeeds({ study, locked }: { readonly study: StudyRun; readonly locked: boolean }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const add = async () => {
    try {
      await study.addSeeds(text);
      setText('');
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof StudyProblem)) throw error;
      setProblem(`${error.message} ${error.hint}`);
    }
  };
  return (
    <form
      className={styles.group}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div className={styles.add}>
        <TextInput
          size="xs"
          label="Add seeds"
          placeholder="17-20"
          value={text}
          error={problem && noticeText(problem)}
          disabled={locked}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" type="submit" mt={22} disabled={locked || text.trim() === ''}>
          Add
        </Button>
      </div>
    </form>
  );
}
