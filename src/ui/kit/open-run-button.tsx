import { IconFolderOpen } from '@tabler/icons-react';
import { openRunFile } from '../state/open-run.ts';
import { usePastRuns, useRunStore, useRuns } from '../state/store-context.tsx';
import styles from './open-run-button.module.css';

/** Opens a run's .zip; the same file can also be dropped anywhere. */
export function OpenRunButton() {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const opening = useRuns((state) => state.opening !== undefined);
  return (
    <label className={styles.button} data-testid="import-run" data-busy={opening || undefined}>
      <IconFolderOpen size={16} stroke={1.6} aria-hidden="true" />
      {opening ? 'Opening' : 'Open a run'}
      <input
        className="visually-hidden"
        type="file"
        accept=".zip,application/zip"
        disabled={opening}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = '';
          if (file !== undefined) void openRunFile(store, pastRuns, file);
        }}
      />
    </label>
  );
}
