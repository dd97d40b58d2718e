import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { StudyRun } from '../../client/study-run.ts';
import { settingName } from '../../config/difference.ts';
import { formatNumber } from '../../config/quantity.ts';
import { StudyProblem } from '../../study/problem.ts';
import { seedsText } from '../../study/seeds.ts';
import { conditionLabel } from './condition-mark.tsx';
import styles from './plan-rail.module.css';

/** The plan of the study there is. It was written down before the first run; only seeds can be added. */
export function PlanFacts({ study, locked }: { readonly study: StudyRun; readonly locked: boolean }) {
  const { seeds, conditions, axes, config } = study.plan;
  return (
    <>
      <section className={styles.group}>
        <h2>Plan</h2>
        <dl className={styles.facts}>
          <dt>Seeds</dt>
          <dd>{seedsText(seeds).replaceAll(',', ', ')}</dd>
          <dt>Beside Standard</dt>
          <dd>{conditions.map(({ name }) => conditionLabel(name)).join(', ')}</dd>
          {axes.map(({ setting, values }) => [
            <dt key={`${setting} name`}>{settingName(setting)}</dt>,
            <dd key={setting}>{values.join(', ')}</dd>,
          ])}
          <dt>Primary</dt>
          <dd>held-out, {formatNumber(config.verifyPairs)} pairs</dd>
          <dt>The same for all</dt>
          <dd>people, split, pairs</dd>
          <dt>Steps</dt>
          <dd>{formatNumber(config.steps)}</dd>
          <dt>Made</dt>
          <dd>{new Date(study.startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}</dd>
        </dl>
        <p className={styles.note}>Written down before the first run. Reset plans another study.</p>
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
          error={problem}
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
