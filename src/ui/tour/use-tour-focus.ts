import { type RefObject, useEffect } from 'react';
import { endTour } from '../state/tour-memory.ts';

/** Keeps the focus in the bubble, lets Esc end the tour, and gives the focus back to where it was. */
export function useTourFocus(bubble: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const before = document.activeElement;
    // A dialog or menu that started the tour closes, and would take the focus with it.
    const keep = ({ target }: FocusEvent) => {
      if (bubble.current === null || (target instanceof Node && bubble.current.contains(target))) return;
      bubble.current.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    };
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      endTour();
    };
    document.addEventListener('focusin', keep);
    window.addEventListener('keydown', press, { capture: true });
    return () => {
      document.removeEventListener('focusin', keep);
      window.removeEventListener('keydown', press, { capture: true });
      const gone = !(before instanceof HTMLElement) || !before.isConnected || before === document.body;
      const back = gone ? document.querySelector<HTMLElement>('[data-testid=run-toggle]') : before;
      back?.focus();
    };
  }, [bubble]);
}
