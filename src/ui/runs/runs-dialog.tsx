import { Button, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { keptRunOf } from '../../client/kept-run-of.ts';
import { formatNumber } from '../../config/quantity.ts';
import { Alert } from '../kit/alert.tsx';
import { useFocusBack } from '../kit/focus-back.ts';
import { OpenRunButton } from '../kit/open-run-button.tsx';
import { bytesInWords, keptInWords, runTitle } from '../kit/run-words.ts';
import { troubleOf } from '../state/open-run.ts';
import type { RunsTrouble } from '../state/past-runs.ts';
import { usePastRuns, useRun, useRunState, useRuns } from '../state/store-context.tsx';
import { ArmShares } from './arm-shares.tsx';
import { CompareRuns } from './compare-runs.tsx';
import { RunRow } from './run-row.tsx';
import styles from './runs-dialog.module.css';

/** A pair of runs side by side; `now` is the run on the page. */
export interface ComparedPair {
  readonly left: string | 'now';
  readonly right: string | 'now';
}

/** The runs that are kept in this browser. */
export default function RunsDialog() {
  const narrow = useMediaQuery('(max-width: 767px)', undefined, { getInitialValueInEffect: false });
  const pastRuns = usePastRuns();
  const { runs, storage, openFailure } = useRuns((state) => state);
  const run = useRun();
  const ready = useRunState((state) => state.run?.started !== undefined);
  /** The run that another is to be chosen for. */
  const [waiting, setWaiting] = useState<string | undefined>(undefined);
  const [pair, setPair] = useState<ComparedPair | undefined>(undefined);
  const [trouble, setTrouble] = useState<RunsTrouble | undefined>(undefined);
  useFocusBack(true);
  useEffect(() => {
    pastRuns.refresh().catch((error: unknown) => setTrouble(troubleOf(error)));
  }, [pastRuns]);

  const past = (runs ?? []).filter(({ runId }) => runId !== run?.runId);
  const now = run === undefined || !ready ? undefined : keptRunOf(run, run.step);
  const first = past.find(({ runId }) => runId === waiting);
  const compare = (runId: string) => {
    if (waiting === undefined) setWaiting(runId);
    else setPair({ left: waiting, right: runId });
  };
  const shown = trouble ?? openFailure;
  return (
    <Modal
      opened
      onClose={() => pastRuns.set({ open: false })}
      title={pair === undefined ? 'Past runs' : 'Two runs compared'}
      size={pair === undefined ? 640 : 760}
      fullScreen={narrow}
      classNames={{ body: styles.body ?? '', header: styles.header ?? '' }}
    >
      {shown !== undefined && <Alert className={styles.trouble} text={shown.message} hint={shown.hint} strong />}
      {pair !== undefined ? (
        <CompareRuns
          pair={pair}
          onBack={() => {
            setPair(undefined);
            setWaiting(undefined);
          }}
        />
      ) : (
        <>
          <div className={styles.about}>
            <p>
              {runs === undefined ? trouble === undefined && 'Reading the kept runs' : keptInWords(past)}
              {storage?.used !== undefined && storage.quota !== undefined && (
                <>
                  {' '}
                  This page uses {bytesInWords(storage.used)} of {bytesInWords(storage.quota)}.
                </>
              )}
            </p>
            <OpenRunButton />
          </div>
          {first !== undefined && (
            <div className={styles.choosing} role="status">
              <span>Choose the run to compare with “{runTitle(first)}”.</span>
              <Button size="compact-xs" variant="default" onClick={() => setWaiting(undefined)}>
                Cancel
              </Button>
            </div>
          )}
          <ul className={styles.list} data-testid="runs-list" aria-label="Past runs">
            {now !== undefined && (
              <li className={styles.now}>
                <b>Now</b>
                <span className={styles.size}>step {formatNumber(now.step)}</span>
                <ArmShares figures={now.figures} />
              </li>
            )}
            {past.map((kept) => (
              <RunRow
                key={kept.runId}
                run={kept}
                compareWith={waiting === kept.runId ? undefined : waiting === undefined ? 'another' : 'chosen'}
                onCompare={() => compare(kept.runId)}
                onCompareNow={now === undefined ? undefined : () => setPair({ left: 'now', right: kept.runId })}
                onTrouble={setTrouble}
              />
            ))}
          </ul>
          {runs !== undefined && past.length === 0 && (
            <p className={styles.empty}>
              No past runs yet. Each run is kept here while it trains, and stays when you close the page. The oldest
              without a name make room for new ones.
            </p>
          )}
        </>
      )}
    </Modal>
  );
}
