import { Button, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconRotate,
} from '@tabler/icons-react';
import { useActions, useRun, useRunState } from '../store-context.tsx';
import { look, lookAtNow } from '../view-store.ts';
import styles from './run-buttons.module.css';

/** Train or pause, one step, reset; on a narrow page the settings too. */
export function RunButtons({ narrow }: { readonly narrow: boolean }) {
  const actions = useActions();
  const run = useRun();
  const pausing = useRunState((state) => state.pausing);
  const engineKnown = useRunState(({ engine }) => engine !== undefined);
  const trains = run?.alive === true && run.phase !== 'paused';
  const label = trains ? 'Pause' : run?.phase === 'paused' ? 'Resume' : run === undefined ? 'Train' : 'Run again';
  const Icon = trains ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  const reset = () => {
    lookAtNow();
    actions.reset();
  };
  const toggle = () => {
    if (run !== undefined && !run.alive) lookAtNow();
    actions.toggle();
  };
  return (
    <div className={styles.buttons}>
      <Button
        className={styles.toggle ?? ''}
        data-testid="run-toggle"
        data-phase={run?.phase ?? 'ready'}
        leftSection={<Icon size={15} />}
        disabled={!engineKnown || pausing}
        onClick={toggle}
      >
        {pausing ? 'Pausing' : label}
      </Button>
      <Tooltip label="Run one step (.)">
        <Button
          variant="default"
          data-testid="run-step"
          aria-label="Step"
          leftSection={narrow ? undefined : <IconPlayerSkipForwardFilled size={14} />}
          disabled={!engineKnown || (run !== undefined && run.phase !== 'paused')}
          onClick={actions.step}
        >
          {narrow ? <IconPlayerSkipForwardFilled size={16} /> : 'Step'}
        </Button>
      </Tooltip>
      <Tooltip label="Back to step 0, same seed (R)">
        <Button
          variant="default"
          data-testid="run-reset"
          aria-label="Reset"
          leftSection={narrow ? undefined : <IconRotate size={15} />}
          disabled={run === undefined}
          onClick={reset}
        >
          {narrow ? <IconRotate size={17} /> : 'Reset'}
        </Button>
      </Tooltip>
      {narrow && (
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          onClick={() => look({ settingsOpen: true })}
        >
          Settings
        </Button>
      )}
    </div>
  );
}
