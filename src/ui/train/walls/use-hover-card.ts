import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** A filter whose card is shown, and its tile's place on the screen. */
export interface ShownCard {
  readonly filter: number;
  readonly tile: DOMRect;
}

const DELAY = 150;

/** Shows the card of the tile that is rested on or focused, a moment later; moving to another tile moves it without delay. */
export function useHoverCard() {
  const [shown, setShown] = useState<ShownCard | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const open = useRef(false);
  const hide = useCallback(() => {
    clearTimeout(timer.current);
    open.current = false;
    setShown(undefined);
  }, []);
  const point = useCallback((filter: number, element: HTMLElement) => {
    clearTimeout(timer.current);
    const show = () => {
      open.current = true;
      setShown({ filter, tile: element.getBoundingClientRect() });
    };
    if (open.current) show();
    else timer.current = setTimeout(show, DELAY);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useMemo(() => ({ shown, point, hide }), [shown, point, hide]);
}
