import { create } from 'zustand';

/** Whether the gallery replaces the Train screen. */
export const useGalleryOpen = create<{ readonly open: boolean }>(() => ({ open: false }));

export function openGallery(): void {
  useGalleryOpen.setState({ open: true });
}

export function closeGallery(): void {
  useGalleryOpen.setState({ open: false });
}
