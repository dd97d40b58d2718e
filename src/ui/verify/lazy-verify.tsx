import { lazy, Suspense } from 'react';

const VerifyScreen = lazy(() => import('./verify-screen.tsx'));

/** The Verify screen, whose code is loaded when it is first opened. */
export function LazyVerify() {
  return (
    <Suspense fallback={<p role="status">Opening the verification</p>}>
      <VerifyScreen />
    </Suspense>
  );
}
