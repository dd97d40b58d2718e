import { Button, Tooltip } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { usePastRuns } from '../state/store-context.tsx';
import styles from './runs-button.module.css';

/** Opens the list of past runs; on a narrow page the menu does. */
export function RunsButton() {
  const pastRuns = usePastRuns();
  return (
    <Tooltip label="Past runs (P)">
      <Button
        variant="default"
        size="compact-md"
        className={styles.button ?? ''}
        leftSection={<IconHistory size={16} stroke={1.8} />}
        onClick={() => pastRuns.set({ open: true })}
      >
        Runs
      </Button>
    </Tooltip>
  );
}
