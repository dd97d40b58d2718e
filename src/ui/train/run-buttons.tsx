import { Button, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconRotate,
} from '@tabler/icons-react';
import { lacksFaces } from '../../client/run-record.ts';
import styles from '../kit/run-buttons.module.css';
import { useActions, useRunState } from '../state/store-context.tsx';
import { look, lookAtNow } from '../state/view-store.ts';

/** Train or pause, one step, reset; on a narrow page the settings too. */
export function RunButtons({ narrow }: { readonly narrow: boolean }) {
  const actions = useActions();
  const phase = useRunState(({ run }) => run?.phase);
  const pausing = useRunState(({ pageRun }) => pageRun?.pausing === true);
  const engineKnown = useRunState(({ engine }) => engine !== undefined);
  const waits = useRunState(({ run, faces }) => run !== undefined && lacksFaces(run, faces));
  const ended = phase === 'finished' || phase === 'failed';
  const trains = phase !== undefined && !ended && phase !== 'paused';
  // A run that was opened at step 0 has trained nothing.
  const fresh = useRunState(({ run }) => run?.restingFrom?.step === 0) || phase === undefined;
  const label = trains ? 'Pause' : fresh ? 'Train' : phase === 'paused' ? 'Resume' : 'Run again';
  const Icon = trains ? IconPlayerPauseFilled : IconPlayerPlayFilled;
  const reset = () => {
    lookAtNow();
    actions.reset();
  };
  const toggle = () => {
    if (ended) lookAtNow();
    actions.toggle();
  };
  return (
    <section className={styles.buttons} aria-label="Run" data-tour="run">
      <Button
        className={styles.toggle ?? ''}
        data-testid="run-toggle"
        data-phase={phase ?? 'ready'}
        // The tab is called Train, too.
        aria-label={fresh ? 'Train, start the run' : undefined}
        leftSection={<Icon size={15} />}
        disabled={!engineKnown || pausing || waits}
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
          disabled={!engineKnown || waits || (phase !== undefined && phase !== 'paused')}
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
          disabled={phase === undefined}
          onClick={reset}
        >
          {narrow ? <IconRotate size={17} /> : 'Reset'}
        </Button>
      </Tooltip>
      {narrow && (
        <Button
          variant="default"
          className={styles.settings ?? ''}
          aria-label="Settings"
          data-tour="settings"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          onClick={() => look({ settingsOpen: true })}
        >
          Settings
        </Button>
      )}
    </section>
  );
}
