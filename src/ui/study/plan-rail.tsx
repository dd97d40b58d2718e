import { Checkbox, TextInput } from '@mantine/core';
import { IconChevronRight, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { formatNumber } from '../../config/quantity.ts';
import { type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { axisFromText } from '../../study/axes.ts';
import { conditionFromText } from '../../study/plan.ts';
import type { StudyProblem } from '../../study/problem.ts';
import { Alert } from '../kit/alert.tsx';
import { useActions, useRunState } from '../state/store-context.tsx';
import { draftStudy, useStudyDraft } from '../state/study-draft.ts';
import { openScreen } from '../state/view-store.ts';
import { AddText } from './add-text.tsx';
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
      <OtherAxes />
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
          <Added
            key={condition}
            text={condition}
            mark={<ConditionMark name={condition.split(':', 1)[0] ?? ''} />}
            onRemove={() => draftStudy({ conditions: conditions.filter((one) => one !== condition) })}
          />
        ))}
      </ul>
      <OtherCondition />
    </section>
  );
}

interface AddedProps {
  readonly text: string;
  readonly mark?: ReactNode;
  readonly onRemove: () => void;
}

/** A part of the plan that was written by hand. */
function Added({ text, mark, onRemove }: AddedProps) {
  return (
    <li>
      <span className={styles.other}>
        {mark}
        <span>{text}</span>
      </span>
      <button type="button" aria-label={`Remove ${text}`} onClick={onRemove}>
        <IconX size={14} />
      </button>
    </li>
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

/** A condition with settings of its own. */
function OtherCondition() {
  const conditions = useStudyDraft((draft) => draft.conditions);
  const config = useRunState((state) => state.config);
  return (
    <AddText
      label="Another condition"
      placeholder="late:stopAt=90,checkEvery=10"
      add={(text) => {
        conditionFromText(text, config);
        draftStudy({ conditions: [...conditions, text] });
      }}
    />
  );
}

/** Axes of settings that have no chips. */
function OtherAxes() {
  const vary = useStudyDraft((draft) => draft.vary);
  const config = useRunState((state) => state.config);
  const others = vary.filter((text) => !CHIPS.some(([setting]) => text.startsWith(`${setting}=`)));
  return (
    <section className={styles.group}>
      <h2>Other axes</h2>
      {others.length > 0 && (
        <ul className={styles.conditions}>
          {others.map((axis) => (
            <Added key={axis} text={axis} onRemove={() => draftStudy({ vary: vary.filter((one) => one !== axis) })} />
          ))}
        </ul>
      )}
      <AddText
        label="Another axis"
        placeholder="kernelSize=3,7"
        add={(text) => {
          const { setting } = axisFromText(text, config);
          // A setting is one axis.
          draftStudy({ vary: [...vary.filter((one) => !one.startsWith(`${setting}=`)), text.replace(/\s+/g, '')] });
        }}
      />
    </section>
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
