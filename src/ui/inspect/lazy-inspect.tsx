import { lazy, Suspense } from 'react';
import { Loading } from '../kit/loading.tsx';

const InspectScreen = lazy(() => import('./inspect-screen.tsx'));

/** The Inspect screen, whose code is loaded when it is first opened. */
export function LazyInspect() {
  return (
    <Suspense fallback={<Loading text="Opening the inspection" />}>
      <InspectScreen />
    </Suspense>
  );
}
