import { Button } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useRunState } from '../../state/store-context.tsx';

const ExportMenu = lazy(() => import('./export-menu.tsx'));

/** Saves the run there is, in mid-run too; nothing before its networks are there. */
export function LazyExport() {
  const run = useRunState(({ pageRun }) => pageRun);
  // The record grows in place: `version` changes with it.
  const savable = useRunState((state) => state.version >= 0 && state.pageRun?.savable === true);
  return run !== undefined && savable ? (
    <Suspense fallback={<Waiting />}>
      <ExportMenu run={run} />
    </Suspense>
  ) : null;
}

/** Keeps the place of the button until its menu is loaded. */
function Waiting() {
  return (
    <Button
      fullWidth
      disabled
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} />}
      rightSection={<IconChevronDown size={14} />}
    >
      Export
    </Button>
  );
}
