import { type RefCallback, useCallback, useState } from 'react';

/**
 * The width of an element in CSS pixels, known before it is first painted and followed from then on: content laid out
 * by it does not jump into place a frame later. 0 until the element is there.
 */
export function useWidth(): { readonly ref: RefCallback<HTMLElement>; readonly width: number } {
  const [width, setWidth] = useState(0);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    // Set while React commits, which renders again before the browser paints.
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
