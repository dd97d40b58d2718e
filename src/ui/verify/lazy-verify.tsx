import { lazy, Suspense } from 'react';
import { Loading } from '../kit/loading.tsx';

const VerifyScreen = lazy(() => import('./verify-screen.tsx'));

/** The Verify screen, whose code is loaded when it is first opened. */
export function LazyVerify() {
  return (
    <Suspense fallback={<Loading text="Opening the verification" />}>
      <VerifyScreen />
    </Suspense>
  );
}
