import { useMantineColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { configFromAddress, configToHash, type ReadAddress } from '../../config/url.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { look, useView } from '../state/view-store.ts';

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
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  // Mantine makes a new function in every render.
  const setTheme = useRef(setColorScheme);
  setTheme.current = setColorScheme;
  // Before the first effect writes the address anew.
  const opened = useRef<ReadAddress | undefined>(undefined);
  opened.current ??= configFromAddress(window.location);
  const mark = useRef(markOf(window.history.state) ?? newMark());
  useLinkedStep();
  useEffect(() => {
    if (opened.current !== undefined) lookAsLinked(opened.current, setTheme.current);
  }, []);
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
      const address = configFromAddress(window.location);
      actions.openConfig(address.config, address.notices);
      lookAsLinked(address, setTheme.current);
    };
    // Browsers report a step back between two tabs by popstate alone.
    window.addEventListener('popstate', follow);
    window.addEventListener('hashchange', follow);
    return () => {
      window.removeEventListener('popstate', follow);
      window.removeEventListener('hashchange', follow);
    };
  }, [actions, hash, chosen]);
}

/** The theme that a link asks for, and the step to pin. */
function lookAsLinked({ config, view }: ReadAddress, setTheme: (theme: 'light' | 'dark') => void): void {
  if (view.theme !== undefined) setTheme(view.theme);
  look({ linkedStep: view.step === undefined ? undefined : { step: view.step, settings: configToHash(config) } });
}

/** Pins the step of a link once a run with its settings has passed it. */
function useLinkedStep(): void {
  const linked = useView((view) => view.linkedStep);
  const passed = useRunState(
    ({ run }) =>
      linked !== undefined &&
      run !== undefined &&
      run.step >= linked.step &&
      run.phase !== 'preparing' &&
      configToHash(run.config) === linked.settings,
  );
  useEffect(() => {
    if (passed && linked !== undefined) look({ pinnedStep: linked.step, linkedStep: undefined });
  }, [passed, linked]);
}
