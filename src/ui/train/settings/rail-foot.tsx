import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { CONFIG_KEYS, fieldOf } from '../../../config/run-config.ts';
import { OpenRunButton } from '../../kit/open-run-button.tsx';
import { useRunState } from '../../state/store-context.tsx';
import { LazyExport } from '../export/lazy-export.tsx';
import styles from './settings-rail.module.css';

/** When settings count; on a narrow page with the button that closes them. */
export function RailFoot({ onDone }: { readonly onDone?: () => void }) {
  const waiting = useRunState(({ config, run }) =>
    run?.alive ? CONFIG_KEYS.filter((key) => !fieldOf(key).live && config[key] !== run.config[key]).length : 0,
  );
  const alive = useRunState(({ run }) => run?.alive === true);
  return (
    <>
      <div className={styles.files}>
        <LazyExport />
        <OpenRunButton />
      </div>
      <div className={styles.foot}>
        <IconLock size={15} stroke={1.6} aria-hidden="true" />
        <span>{footText(alive, waiting)}</span>
      </div>
      {onDone && (
        <div className={styles.done}>
          <Button fullWidth h={44} onClick={onDone}>
            Done
          </Button>
        </div>
      )}
    </>
  );
}

function footText(alive: boolean, waiting: number): string {
  if (!alive) return 'Settings apply from the next run.';
  if (waiting === 0) return 'CRAFT changes now. Other settings apply from the next run.';
  return `${waiting} ${waiting === 1 ? 'setting starts' : 'settings start'} with the next run. Reset, then Train.`;
}
