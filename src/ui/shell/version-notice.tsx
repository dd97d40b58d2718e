import { Button, CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useNewVersion } from './use-new-version.ts';
import styles from './version-notice.module.css';

/** Says quietly that a newer build of the page is ready; the next start loads it automatically. */
export function VersionNotice() {
  const change = useNewVersion();
  const [dismissed, setDismissed] = useState(false);
  return (
    <div role="status" data-testid="version-notice">
      {change !== undefined && !dismissed && (
        <div className={styles.notice}>
          <span>A new version is ready.</span>
          <Button size="compact-sm" onClick={change}>
            Reload
          </Button>
          <CloseButton size="sm" aria-label="Later" onClick={() => setDismissed(true)} />
        </div>
      )}
    </div>
  );
}
