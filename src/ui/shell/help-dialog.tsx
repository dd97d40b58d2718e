import { Anchor, Button, Kbd, Modal } from '@mantine/core';
import { IconBook, IconRoute } from '@tabler/icons-react';
import { version as packageVersion } from '../../../package.json';
import { useFocusBack } from '../kit/focus-back.ts';
import { startTour } from '../state/tour-memory.ts';
import { look, useView } from '../state/view-store.ts';
import styles from './help-dialog.module.css';
import { SCREENS } from './screens.ts';

type Row = readonly [effect: string, ...keys: string[]];

const TABS: readonly Row[] = SCREENS.length > 1 ? [['Tabs', '1', '–', String(SCREENS.length)]] : [];

const COLUMNS: readonly (readonly { readonly title: string; readonly rows: readonly Row[] }[])[] = [
  [
    {
      title: 'Run',
      rows: [
        ['Train or pause', 'Space'],
        ['One step', '.'],
        ['Reset', 'R'],
        ['Re-activation on or off', 'C'],
      ],
    },
    {
      title: 'View',
      rows: [
        ...TABS,
        ['Standard, CRAFT, both', 'A'],
        ['Light or dark', 'T'],
        ['Share', 'S'],
        ['Past runs', 'P'],
        ['This help', '?'],
      ],
    },
  ],
  [
    {
      title: 'Filters and charts',
      rows: [
        ['Move', '←', '→', '↑', '↓'],
        ['First, last', 'Home', 'End'],
        ['Pin, release', 'Enter', 'Esc'],
        ['Previous, next event', '[', ']'],
      ],
    },
  ],
];

function openMethod(): void {
  look({ helpOpen: false, screen: 'method', entry: undefined });
}

/** Ways to learn more, and the list of keys. */
export default function HelpDialog() {
  const open = useView(({ helpOpen }) => helpOpen);
  useFocusBack(open);
  return (
    <Modal
      opened={open}
      onClose={() => look({ helpOpen: false })}
      title="Help and keyboard"
      size={580}
      centered
      data-testid="help-dialog"
    >
      <div className={styles.ways}>
        <Button variant="default" size="xs" leftSection={<IconRoute size={16} stroke={1.7} />} onClick={startTour}>
          Take the tour
        </Button>
        <Button variant="default" size="xs" leftSection={<IconBook size={16} stroke={1.7} />} onClick={openMethod}>
          How CRAFT works
        </Button>
      </div>
      <div className={styles.columns}>
        {COLUMNS.map((groups, place) => (
          <div key={groups[0]?.title}>
            {groups.map(({ title, rows }) => (
              <section key={title} className={styles.group}>
                <h3>{title}</h3>
                <dl>
                  {rows.map(([effect, ...keys]) => (
                    <div key={effect}>
                      <dt>{effect}</dt>
                      <dd>{keys.map((key) => (key === '–' ? key : <Kbd key={key}>{key}</Kbd>))}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
            {place === 1 && (
              <p className={styles.note}>
                Keys are off while you type in a field. In a wall of filters, Tab enters and leaves; arrows move.
              </p>
            )}
          </div>
        ))}
      </div>
      <p className={styles.about}>
        CRAFT Playground {packageVersion} is free software under the MIT licence.{' '}
        <Anchor href="./third-party-notices.txt" target="_blank" inherit>
          Third-party notices
        </Anchor>
      </p>
    </Modal>
  );
}
