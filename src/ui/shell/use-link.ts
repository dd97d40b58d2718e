import { useEffect, useRef } from 'react';
import { configFromAddress, configToHash } from '../../config/url.ts';
import { useActions, useRunState } from '../state/store-context.tsx';

/** The link that opens the page with these settings; `search` names the place on it. */
export function linkTo(hash: string, search = ''): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}${search}#${hash}`;
}

/** Marks the entries of the browser's history that belong to one opened link; a freshly pasted one has no mark yet. */
interface LinkMark {
  readonly link: number;
}

function markOf(state: unknown): LinkMark | undefined {
  if (typeof state !== 'object' || state === null || !('link' in state)) return undefined;
  return typeof state.link === 'number' ? { link: state.link } : undefined;
}

function newMark(): LinkMark {
  return { link: Date.now() };
}

/**
 * Keeps the address in step with the settings once they were chosen: it follows them, and they follow a pasted link.
 * Going back to an earlier tab leaves the settings as they are, so that nothing is lost by looking around; going back
 * to before a pasted link takes the settings of that time.
 */
export function useLink(): void {
  const actions = useActions();
  const hash = useRunState(({ config }) => configToHash(config));
  const chosen = useRunState((state) => state.chosen);
  const mark = useRef(markOf(window.history.state) ?? newMark());
  useEffect(() => {
    const write = () => window.history.replaceState(mark.current, '', chosen ? `#${hash}` : undefined);
    write();
    const follow = () => {
      const reached = markOf(window.history.state);
      if (reached?.link === mark.current.link) {
        write();
        return;
      }
      mark.current = reached ?? newMark();
      window.history.replaceState(mark.current, '');
      const { config, notices } = configFromAddress(window.location);
      actions.openConfig(config, notices);
    };
    // Browsers tell of a way back between two tabs by popstate alone.
    window.addEventListener('popstate', follow);
    window.addEventListener('hashchange', follow);
    return () => {
      window.removeEventListener('popstate', follow);
      window.removeEventListener('hashchange', follow);
    };
  }, [actions, hash, chosen]);
}
