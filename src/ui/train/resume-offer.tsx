import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { formatNumber } from '../../config/quantity.ts';
import { whenInWords } from '../kit/run-words.ts';
import { resumeKeptRun } from '../state/open-run.ts';
import { runsClient, setRuns, useRuns } from '../state/runs-store.ts';
import { useRunState, useRunStore } from '../state/store-context.tsx';
import styles from './resume-offer.module.css';

/** Offers to resume the run that was training when the page was last closed, reloaded or crashed. */
export function ResumeOffer() {
  const store = useRunStore();
  const offer = useRuns((state) => state.offer);
  const opening = useRuns((state) => state.opening !== undefined);
  const fresh = useRunState(({ run }) => run === undefined);
  // A run resumes with its own kernels' variants where the engine is the one it started with.
  const looking = useRunState(({ engine, engineFailure }) => (engine ?? engineFailure) === undefined);
  if (offer === undefined || !fresh) return null;
  const { runId, name, step, config, startedAt } = offer;
  const dismiss = () => {
    setRuns({ offer: undefined });
    void runsClient.change(runId, { dismissed: true }).catch(() => {});
  };
  return (
    <section className={styles.offer} aria-label="Unfinished run">
      <IconHistory size={20} stroke={1.6} aria-hidden="true" />
      <div className={styles.text}>
        <b>{name ? `Unfinished run “${name}”` : 'Unfinished run'}</b>
        <p>
          Started {whenInWords(startedAt)} and kept up to step {formatNumber(step)} of {formatNumber(config.steps)}.
        </p>
      </div>
      <div className={styles.actions}>
        <Button size="xs" variant="default" onClick={dismiss}>
          Not now
        </Button>
        <Button
          size="xs"
          data-testid="resume-run"
          loading={opening || looking}
          onClick={() => void resumeKeptRun(store, runId)}
        >
          Resume from {formatNumber(step)}
        </Button>
      </div>
    </section>
  );
}
