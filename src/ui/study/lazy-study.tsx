import { lazy, Suspense } from 'react';
import { Loading } from '../kit/loading.tsx';

const StudyScreen = lazy(() => import('./study-screen.tsx'));

/** The Study screen, whose code is loaded when it is first opened. */
export function LazyStudy() {
  return (
    <Suspense fallback={<Loading text="Opening the study" />}>
      <StudyScreen />
    </Suspense>
  );
}
