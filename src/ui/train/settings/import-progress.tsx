import { Button } from '@mantine/core';
import type { FacesState } from '../../../client/faces-state.ts';
import { formatNumber } from '../../../config/quantity.ts';
import styles from './faces-group.module.css';

interface ImportProgressProps {
  readonly importing: NonNullable<FacesState['importing']>;
  readonly onCancel: () => void;
}

/** The element, for the settings to bring into sight. */
export const IMPORT_ID = 'faces-import';

/** How far the reading of dropped faces is, with a way out. */
export function ImportProgress({ importing: { name, done, total }, onCancel }: ImportProgressProps) {
  return (
    <div className={styles.importing} id={IMPORT_ID}>
      <div>
        <b className={styles.fileName}>Reading {name}</b>
        <span>
          {formatNumber(done)} of {formatNumber(total)}
        </span>
        <progress max={Math.max(1, total)} value={done} aria-label={`Reading ${name}`} data-testid="faces-progress" />
      </div>
      <Button variant="default" size="xs" onClick={onCancel} data-testid="faces-cancel">
        Cancel
      </Button>
    </div>
  );
}
