import { Button } from '@mantine/core';
import { IconFolderUp, IconUpload } from '@tabler/icons-react';
import { dropName } from '../kit/dropped-files.ts';
import { PickFiles } from '../kit/pick-files.tsx';
import { useRunState } from '../state/store-context.tsx';
import { useVerify, verification } from './page-verify.ts';
import { useTable } from './use-table.ts';
import { verdictOf } from './verdict.ts';
import styles from './verify-header.module.css';

/** The verdict, and the actions: add a file, verify, cancel. */
export function VerifyHeader() {
  const columns = useVerify((state) => state.columns);
  const { rows } = useTable();
  const job = useVerify((state) => state.job);
  const asking = useVerify((state) => state.asking);
  const subject = useVerify((state) => state.subject);
  const hasOpened = useVerify(({ opened }) => opened.length > 0);
  const backend = useRunState(({ config }) => config.backend);
  const filled = rows.filter(({ result }) => result !== undefined);
  const asked = filled.length + (job?.pending.length ?? 0);
  const differences = filled.flatMap(({ difference }) => difference ?? []);
  const verdict = verdictOf(columns, differences, { filled: filled.length, asked });
  const busy = asking || job !== undefined;
  const pageRun = useRunState((state) => state.pageRun);
  const runReady = useRunState(({ run }) => run !== undefined && run.step > 0);
  const ready = subject === 'files' ? hasOpened : runReady;
  return (
    <header className={styles.header}>
      <div aria-live="polite" data-testid="verify-verdict">
        <h2>{filled.length > 0 ? verdict.headline : 'How well does it tell people apart?'}</h2>
        <p>{filled.length > 0 ? verdict.detail : firstSteps(ready)}</p>
      </div>
      <div className={styles.actions}>
        <PickFiles
          label="Add official file"
          icon={<IconUpload size={16} />}
          testId="verify-add-file"
          inputLabel="Official benchmark files"
          onFiles={(files) => verification.takeFiles(dropName(files), files, 'pairs')}
        />
        <PickFiles
          folder
          label="Add folder"
          icon={<IconFolderUp size={16} />}
          testId="verify-add-folder"
          inputLabel="Folder of IJB-B, IJB-C or people"
          onFiles={(files) => verification.takeFiles(dropName(files), files, 'pairs')}
        />
        {busy ? (
          <Button variant="default" size="sm" data-testid="verify-cancel" onClick={() => verification.cancel()}>
            Cancel
          </Button>
        ) : (
          <Button
            variant="filled"
            size="sm"
            disabled={!ready}
            data-testid="verify-run"
            onClick={() => void verification.verifyAll(backend, pageRun)}
          >
            {filled.length > 0 ? 'Run again' : 'Run'}
          </Button>
        )}
      </div>
    </header>
  );
}

function firstSteps(ready: boolean): string {
  return ready
    ? 'Seven benchmarks, one row each. Drawn faces replace the official ones until you drop their files.'
    : 'Train a run for some steps, or drop a model, then run the verification.';
}
