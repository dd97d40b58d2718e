import { LazyGallery } from '../faces/lazy-gallery.tsx';
import { useGalleryOpen } from '../state/gallery-state.ts';
import { TrainScreen } from '../train/train-screen.tsx';

/** The run, or the gallery of faces while that is open. */
export function TrainTab() {
  const gallery = useGalleryOpen(({ open }) => open);
  return gallery ? <LazyGallery /> : <TrainScreen />;
}
