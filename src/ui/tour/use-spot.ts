import { useEffect, useState } from 'react';

/** Brings the element into view and gives its place, also after the page was scrolled or changed its size. */
export function useSpot(element: HTMLElement | undefined): DOMRect | undefined {
  const [spot, setSpot] = useState<DOMRect>();
  useEffect(() => {
    if (element === undefined) return;
    const measure = () => setSpot(element.getBoundingClientRect());
    element.scrollIntoView({ block: 'center' });
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    sizes.observe(document.body);
    window.addEventListener('scroll', measure, { capture: true, passive: true });
    window.addEventListener('resize', measure);
    return () => {
      sizes.disconnect();
      window.removeEventListener('scroll', measure, { capture: true });
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return spot;
}
