import { useEffect } from 'react';
import { placeIn, searchFor } from '../state/place.ts';
import { look, useView } from '../state/view-store.ts';

/** Keeps the address in step with the tab, so that the browser's Back leads to the one before and a link to this one. */
export function usePlace(): void {
  const screen = useView((view) => view.screen);
  const entry = useView((view) => view.entry);
  useEffect(() => {
    const { pathname, search, hash } = window.location;
    const next = searchFor({ screen, entry }, search);
    if (next !== search) window.history.pushState(window.history.state, '', `${pathname}${next}${hash}`);
  }, [screen, entry]);
  useEffect(() => {
    const follow = () => look(placeIn(window.location.search));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
}
