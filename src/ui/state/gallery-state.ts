import { create } from 'zustand';

/** Whether the gallery stands in place of the Train screen. */
export const useGalleryOpen = create<{ readonly open: boolean }>(() => ({ open: false }));

export function openGallery(): void {
  useGalleryOpen.setState({ open: true });
}

export function closeGallery(): void {
  useGalleryOpen.setState({ open: false });
}
