import { useEffect } from 'react';
import { configFromAddress, configToHash } from '../../config/url.ts';
import { useActions, useRunState } from '../store-context.tsx';

/** The link that opens the page with these settings. */
export function linkTo(hash: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}#${hash}`;
}

/** Keeps the address in step with the settings once they were chosen: it follows them, and they follow a pasted link. */
export function useLink(): void {
  const actions = useActions();
  const hash = useRunState(({ config }) => configToHash(config));
  const chosen = useRunState((state) => state.chosen);
  useEffect(() => {
    const current = window.location.hash.replace(/^#/, '');
    if (chosen && current !== hash) window.history.replaceState(null, '', `#${hash}`);
  }, [hash, chosen]);
  useEffect(() => {
    const open = () => {
      const { config, notices } = configFromAddress(window.location);
      actions.openConfig(config, notices);
    };
    window.addEventListener('hashchange', open);
    return () => window.removeEventListener('hashchange', open);
  }, [actions]);
}
