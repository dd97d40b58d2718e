import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { FIELD_GROUPS } from '../../config/field.ts';
import { type ConfigKey, fieldOf } from '../../config/run-config.ts';
import { openScreen, useView } from '../state/view-store.ts';
import styles from './controls.module.css';
import { entryId, factsOf, GROUP_TITLES, settingsOf } from './glossary.ts';
import { Section } from './section.tsx';

/** Controls that are no settings: they change the view, or start the run. */
const BUTTONS: readonly (readonly [name: string, text: string])[] = [
  ['Train, Pause, Resume', 'Starts a run with the settings on the left, pauses it between two steps, resumes it.'],
  ['Step', 'One training step of every arm, then a pause.'],
  ['Reset', 'Ends the run and goes back to step 0 with the same seed.'],
  ['Share', 'A link that holds settings and seed, never photos or models.'],
  [
    'Brightness, Scale',
    'Per filter stretches each tile to its own largest weight or response; Shared and Fixed keep one scale, so dead ones look flat.',
  ],
  ['A click on a chart', 'Pins that step: the walls show its filters. Esc, or Back to now, unpins it.'],
];

/** Every control in a line, the settings straight from their descriptions. */
export function Controls() {
  const entry = useView((view) => view.entry);
  useEffect(() => {
    if (entry === undefined) return;
    const element = document.getElementById(entryId(entry));
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, [entry]);
  return (
    <Section
      id="controls"
      lead="Settings apply from the next run. Those marked “applies immediately” also change a run that trains."
    >
      {FIELD_GROUPS.map((group) => (
        <div key={group}>
          <h4 className={styles.group}>{GROUP_TITLES[group]}</h4>
          <dl className={styles.entries}>
            {settingsOf(group).map((key) => (
              <SettingEntry key={key} name={key} asked={key === entry} />
            ))}
          </dl>
        </div>
      ))}
      <h4 className={styles.group}>On the page</h4>
      <dl className={styles.entries}>
        {BUTTONS.map(([name, text]) => (
          <div key={name} className={styles.entry}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function SettingEntry({ name, asked }: { readonly name: ConfigKey; readonly asked: boolean }) {
  const { label, help } = fieldOf(name);
  return (
    <div
      id={entryId(name)}
      className={styles.entry}
      tabIndex={-1}
      data-testid="glossary-entry"
      data-setting={name}
      data-asked={asked || undefined}
    >
      <dt>{label}</dt>
      <dd>
        {help}
        <span className={styles.facts}>{factsOf(name)}</span>
        {asked && (
          <Button variant="default" size="xs" className={styles.back ?? ''} onClick={() => openScreen('train')}>
            Back to the setting
          </Button>
        )}
      </dd>
    </div>
  );
}
