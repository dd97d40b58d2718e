import { useEffect } from 'react';

/**
 * Gives the focus back to the element that had it when a dialog opened. Mantine does so only for a dialog that is in the page
 * before it opens; those whose code is loaded when they are first opened are not.
 */
export function useFocusBack(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [open]);
}
