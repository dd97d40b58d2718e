import { Button, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { setRuns } from '../state/runs-store.ts';
import styles from './runs-button.module.css';

/** Opens the list of past runs; on a narrow page the menu does. */
export function RunsButton() {
  return (
    <Tooltip label="Past runs (P)">
      <Button
        variant="default"
        size="compact-md"
        className={styles.button ?? ''}
        leftSection={<IconHistory size={16} stroke={1.8} />}
        onClick={() => setRuns({ open: true })}
      >
        Runs
      </Button>
    </Tooltip>
  );
}
