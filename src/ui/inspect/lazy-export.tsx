import { lazy, Suspense } from 'react';
import { isSavable } from '../runs/run-snapshot.ts';
import { useRunState } from '../store-context.tsx';

const ExportMenu = lazy(() => import('./export-menu.tsx'));

/** Saves the run there is, in mid-run too; nothing before its networks are there. */
export function LazyExport() {
  const run = useRunState((state) => state.run);
  // The record grows in place: `version` tells when it has changed.
  const savable = useRunState((state) => state.version >= 0 && isSavable(state.run));
  return run !== undefined && savable ? (
    <Suspense fallback={null}>
      <ExportMenu run={run} />
    </Suspense>
  ) : null;
}
