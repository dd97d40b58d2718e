import { lazy, Suspense } from 'react';

const GalleryScreen = lazy(() => import('./gallery-screen.tsx'));

/** The gallery, whose code is loaded when it is first opened. */
export function LazyGallery() {
  return (
    <Suspense fallback={<p role="status">Opening the gallery</p>}>
      <GalleryScreen />
    </Suspense>
  );
}
