import { useEffect, useState } from 'react';
import { SECTIONS, type SectionId } from './sections.ts';

/** How far below the top of the window a heading counts as reached, as a share of its height. */
const READING_LINE = 0.3;

/** The section that is being read: the last whose heading has passed the reading line, or the last at the page's end. */
export function useCurrentSection(): SectionId {
  const [current, setCurrent] = useState<SectionId>(SECTIONS[0].id);
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      setCurrent(sectionInView());
    };
    const scrolled = () => {
      if (frame === 0) frame = requestAnimationFrame(look);
    };
    look();
    // The article scrolls on a wide page and the window on a narrow one; scrolling does not bubble, hence `capture`.
    window.addEventListener('scroll', scrolled, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', scrolled, { capture: true });
    };
  }, []);
  return current;
}

function sectionInView(): SectionId {
  const last = SECTIONS[SECTIONS.length - 1];
  const end = last && document.querySelector(`[data-section=${last.id}]`)?.getBoundingClientRect().bottom;
  if (last !== undefined && end !== undefined && end <= window.innerHeight) return last.id;
  const line = window.innerHeight * READING_LINE;
  const passed = SECTIONS.findLast(({ id }) => {
    const top = document.getElementById(id)?.getBoundingClientRect().top;
    return top !== undefined && top <= line;
  });
  return (passed ?? SECTIONS[0]).id;
}
