import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconChevronRight, IconX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { noticeText } from '../../formats/outside-text.ts';
import { conditionFromText } from '../../study/plan.ts';
import { StudyProblem } from '../../study/problem.ts';
import { Alert } from '../kit/alert.tsx';
import { useActions, useRunState } from '../state/store-context.tsx';
import { draftStudy, useStudyDraft } from '../state/study-draft.ts';
import { openScreen } from '../state/view-store.ts';
import { ConditionMark, conditionLabel } from './condition-mark.tsx';
import styles from './plan-rail.module.css';
import { SeedSettingsGroup } from './seed-settings-group.tsx';
import { TestsGroup } from './tests-group.tsx';

/** Numbers of seeds that are one click away. */
const QUICK = [6, 10, 16, 20];

/** Settings with chips, and the values offered. */
const CHIPS = [
  ['filters', [8, 16, 32, 64]],
  ['weightDecay', [0.0005, 0.005, 0.01, 0.02]],
] as const satisfies readonly (readonly [ConfigKey, readonly number[]])[];

/** The plan of the next study, to be written. */
export function PlanRail({ problem }: { readonly problem: StudyProblem | undefined }) {
  return (
    <>
      <Seeds />
      <Conditions />
      {CHIPS.map(([setting, values]) => (
        <Chips key={setting} setting={setting} offered={values} />
      ))}
      <TestsGroup />
      <SeedSettingsGroup />
      <EverythingElse />
      {problem !== undefined && (
        <Alert className={styles.problem} data-testid="study-problem" text={problem.message} hint={problem.hint} />
      )}
    </>
  );
}

function Seeds() {
  const seeds = useStudyDraft((draft) => draft.seeds);
  const [typed, setTyped] = useState(seeds);
  useEffect(() => setTyped(seeds), [seeds]);
  return (
    <section className={styles.group}>
      <TextInput
        size="xs"
        label={<h2>Seeds</h2>}
        description="A list or a range: 1-16 or 3, 5, 8"
        data-testid="study-seeds"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          draftStudy({ seeds: event.currentTarget.value });
        }}
      />
      <div className={styles.chips}>
        {QUICK.map((count) => (
          <button
            key={count}
            type="button"
            aria-pressed={seeds.trim() === `1-${count}`}
            aria-label={`${count} seeds`}
            onClick={() => draftStudy({ seeds: `1-${count}` })}
          >
            {count}
          </button>
        ))}
      </div>
    </section>
  );
}

function Conditions() {
  const conditions = useStudyDraft((draft) => draft.conditions);
  const field = fieldOf('strategy');
  const strategies = field.kind === 'choice' ? Object.keys(field.options) : [];
  const others = conditions.filter((condition) => !strategies.includes(condition));
  const change = (strategy: string, checked: boolean) =>
    // In the order of the list, not that of the clicks.
    draftStudy({
      conditions: [...strategies.filter((one) => (one === strategy ? checked : conditions.includes(one))), ...others],
    });
  return (
    <section className={styles.group}>
      <h2>Strategy</h2>
      <ul className={styles.conditions}>
        <li>
          <Checkbox size="xs" checked disabled label={<Label name="standard" />} readOnly />
          <small>always in</small>
        </li>
        {strategies.map((strategy) => (
          <li key={strategy}>
            <Checkbox
              size="xs"
              checked={conditions.includes(strategy)}
              label={<Label name={strategy} />}
              onChange={(event) => change(strategy, event.currentTarget.checked)}
            />
            {strategy === field.default && <small>default</small>}
            {strategy === 'random' && <small>no context</small>}
          </li>
        ))}
        {others.map((condition) => (
          <li key={condition}>
            <span className={styles.other}>
              <ConditionMark name={condition.split(':', 1)[0] ?? ''} />
              <span>{condition}</span>
            </span>
            <button
              type="button"
              aria-label={`Remove ${condition}`}
              onClick={() => draftStudy({ conditions: conditions.filter((one) => one !== condition) })}
            >
              <IconX size={14} />
            </button>
          </li>
        ))}
      </ul>
      <OtherCondition />
    </section>
  );
}

function Label({ name }: { readonly name: string }) {
  return (
    <span className={styles.label}>
      <ConditionMark name={name} />
      {conditionLabel(name)}
    </span>
  );
}

/** A condition with settings of its own, written as on the command line. */
function OtherCondition() {
  const conditions = useStudyDraft((draft) => draft.conditions);
  const config = useRunState((state) => state.config);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const add = () => {
    if (text.trim() === '') return;
    try {
      conditionFromText(text, config);
      draftStudy({ conditions: [...conditions, text.trim()] });
      setText('');
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof StudyProblem)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextInput
        size="xs"
        aria-label="Another condition"
        placeholder="late:stopAt=90,checkEvery=10"
        value={text}
        error={problem && noticeText(problem)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" variant="default" type="submit" disabled={text.trim() === ''}>
        Add
      </Button>
    </form>
  );
}

interface ChipsProps {
  readonly setting: ConfigKey;
  readonly offered: readonly number[];
}

/** Values of a setting: one is that of all runs, several are an axis of the study. */
function Chips({ setting, offered }: ChipsProps) {
  const { setConfig } = useActions();
  const own = useRunState(({ config }) => Number(config[setting]));
  const vary = useStudyDraft((draft) => draft.vary);
  const axis = vary.find((text) => text.startsWith(`${setting}=`));
  const chosen =
    axis === undefined
      ? [own]
      : axis
          .slice(setting.length + 1)
          .split(',')
          .map(Number);
  const values = [...new Set([...offered, ...chosen])].sort((a, b) => a - b);
  const toggle = (value: number) => {
    const next = values.filter((one) => (one === value ? !chosen.includes(one) : chosen.includes(one)));
    const others = vary.filter((text) => text !== axis);
    const [only, second] = next;
    if (only === undefined) return;
    if (second === undefined) setConfig({ [setting]: only });
    draftStudy({ vary: second === undefined ? others : [...others, `${setting}=${next.join(',')}`] });
  };
  return (
    <section className={styles.group}>
      <h2>{fieldOf(setting).label}</h2>
      <div className={styles.chips}>
        {values.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={chosen.includes(value)}
            aria-label={`${fieldOf(setting).label} ${value}`}
            onClick={() => toggle(value)}
          >
            {formatNumber(value)}
          </button>
        ))}
      </div>
    </section>
  );
}

function EverythingElse() {
  const steps = useRunState(({ config }) => config.steps);
  const own = useRunState(({ config, faces }) => config.faces === 'own' && (faces.summary?.name ?? 'own faces'));
  return (
    <button type="button" className={styles.rest} onClick={() => openScreen('train')}>
      <span>
        <b>Everything else</b>
        As on the Train tab · {formatNumber(steps)} steps{own !== false && ` · ${own}`}
      </span>
      <IconChevronRight size={16} stroke={1.6} aria-hidden="true" />
    </button>
  );
}
