import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Notice } from '../kit/notice.tsx';
import { useNewVersion } from './use-new-version.ts';

/** Says quietly that a newer build of the page is there; it comes at the next start, too. */
export function VersionNotice() {
  const change = useNewVersion();
  const [dismissed, setDismissed] = useState(false);
  if (change === undefined || dismissed) return null;
  const notice = {
    id: 'new-version',
    title: 'A new version is ready.',
    text: '',
    actions: [{ label: 'Reload', act: change }],
    onClose: () => setDismissed(true),
    closeLabel: 'Later',
  };
  return (
    <Notice notice={notice} icon={<IconRefresh size={20} stroke={1.6} aria-hidden="true" />} testId="version-notice" />
  );
}
