import { IconFolderOpen } from '@tabler/icons-react';
import { openRunFile } from '../state/open-run.ts';
import { usePastRuns, useRunStore, useRuns } from '../state/store-context.tsx';
import styles from './open-run-button.module.css';

/** Opens a run's .zip; the same file can also be dropped anywhere. */
export function OpenRunButton() {
  const store = useRunStore();
  const pastRuns = usePastRuns();
  const opening = useRuns((state) => state.opening);
  const cancel = opening?.cancel;
  return (
    <label className={styles.button} data-testid="import-run">
      <IconFolderOpen size={16} stroke={1.6} aria-hidden="true" />
      {opening === undefined ? 'Open a run' : cancel === undefined ? 'Opening' : 'Cancel opening'}
      <input
        className="visually-hidden"
        type="file"
        accept=".zip,application/zip"
        disabled={opening !== undefined && cancel === undefined}
        onClick={(event) => {
          if (cancel === undefined) return;
          event.preventDefault();
          cancel();
        }}
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
