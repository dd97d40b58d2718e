import { lazy, Suspense } from 'react';

const InspectScreen = lazy(() => import('./inspect-screen.tsx'));

/** The Inspect screen, whose code is loaded when it is first opened. */
export function LazyInspect() {
  return (
    <Suspense fallback={<p role="status">Opening the inspection</p>}>
      <InspectScreen />
    </Suspense>
  );
}
