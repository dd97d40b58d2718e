import { lazy, Suspense } from 'react';

const OutcomePanel = lazy(() => import('./outcome-panel.tsx').then((loaded) => ({ default: loaded.OutcomePanel })));

/** The outcome of re-activations, whose code is loaded when it is first asked for. */
export function LazyOutcome() {
  return (
    <Suspense fallback={<p role="status">Opening the figures</p>}>
      <OutcomePanel />
    </Suspense>
  );
}
