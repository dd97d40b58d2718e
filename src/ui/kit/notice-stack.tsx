import { useElementSize, useMergedRef } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { create } from 'zustand';
import styles from './notice-stack.module.css';

/** The element that notices are put into. */
const usePlace = create<{ readonly element: HTMLElement | null }>(() => ({ element: null }));

const setPlace = (element: HTMLElement | null) => usePlace.setState({ element });

/**
 * The one place of notices on the page, at its lower end. `--notices` on the root element is its height, so
 * that covered content can be scrolled out from under it. `aboveBar` keeps a phone's run bar free.
 */
export function NoticeStack({ aboveBar }: { readonly aboveBar: boolean }) {
  const { ref, height } = useElementSize();
  const place = useMergedRef<HTMLDivElement>(ref, setPlace);
  useEffect(() => {
    document.documentElement.style.setProperty('--notices', `${height === 0 ? 0 : height + 16}px`);
  }, [height]);
  return (
    <section
      ref={place}
      className={styles.stack}
      aria-label="Notices"
      data-testid="notices"
      data-above-bar={aboveBar || undefined}
    />
  );
}

/** Puts its children into the stack, wherever in the page they are declared. */
export function InNoticeStack({ children }: { readonly children: ReactNode }) {
  const element = usePlace((place) => place.element);
  return element === null ? null : createPortal(children, element);
}
