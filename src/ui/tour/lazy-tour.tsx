import { lazy, Suspense } from 'react';
import { useView } from '../state/view-store.ts';

const Tour = lazy(() => import('./tour.tsx'));

/** The tour, whose code is loaded when it first starts. */
export function LazyTour() {
  const started = useView(({ tourStop }) => tourStop !== undefined);
  if (!started) return null;
  return (
    <Suspense fallback={null}>
      <Tour />
    </Suspense>
  );
}
