import { closeGallery } from './gallery-state.ts';
import { look } from './view-store.ts';

const KEY = 'craft-playground.tour';

/** Whether the tour was taken or left on this computer. A browser that keeps nothing offers it each time. */
export function tourTaken(): boolean {
  try {
    return window.localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Shows the first stop. */
export function startTour(): void {
  closeGallery();
  look({ screen: 'train', entry: undefined, helpOpen: false, settingsOpen: false, tourStop: 0 });
}

/** Ends the tour at any stop, and does not offer it again. */
export function endTour(): void {
  try {
    window.localStorage.setItem(KEY, 'taken');
  } catch {
    // Nothing is kept here; the tour is then offered again, which does no harm.
  }
  look({ tourStop: undefined });
}
