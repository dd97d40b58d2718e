import { lazy, Suspense } from 'react';
import { useRuns } from '../state/store-context.tsx';

const RunsDialog = lazy(() => import('./runs-dialog.tsx'));

/** The list of past runs, whose code is loaded when it is first opened. */
export function LazyRuns() {
  const open = useRuns((state) => state.open);
  return open ? (
    <Suspense fallback={null}>
      <RunsDialog />
    </Suspense>
  ) : null;
}
