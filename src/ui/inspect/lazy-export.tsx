import { lazy, Suspense } from 'react';
import { useRunState } from '../store-context.tsx';

const ExportMenu = lazy(() => import('./export-menu.tsx'));

/** Saves the arms of a paused or finished run; nothing while it trains, when there is nothing to read safely. */
export function LazyExport() {
  const held = useRunState(({ run }) => run?.phase === 'paused' || run?.phase === 'finished');
  return held ? (
    <Suspense fallback={null}>
      <ExportMenu />
    </Suspense>
  ) : null;
}
