import { lazy, Suspense } from 'react';
import { Loading } from '../kit/loading.tsx';

const MethodScreen = lazy(() => import('./method-screen.tsx'));

/** The Method screen, whose code is loaded when it is first opened. */
export function LazyMethod() {
  return (
    <Suspense fallback={<Loading text="Opening the explanation" />}>
      <MethodScreen />
    </Suspense>
  );
}
