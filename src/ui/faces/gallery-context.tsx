import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { GalleryActions, GalleryState, GalleryStore } from './gallery-store.ts';

export const GalleryContext = createContext<GalleryStore | undefined>(undefined);

function useGalleryStore(): GalleryStore {
  const store = useContext(GalleryContext);
  if (store === undefined) throw new Error('A part of the gallery was rendered outside it.');
  return store;
}

/** A part of the gallery's state; the component renders again when that part changes. */
export function useGallery<Part>(select: (state: GalleryState) => Part): Part {
  return useStore(useGalleryStore(), select);
}

export function useGalleryActions(): GalleryActions {
  return useGalleryStore().actions;
}
