import { useEffect } from 'react';
import { useGalleryOpen } from '../state/gallery-state.ts';
import { useActions, usePastRuns, useRunState } from '../state/store-context.tsx';
import { look, lookAtNow, openScreen, useView } from '../state/view-store.ts';
import { SCREENS } from './screens.ts';
import { useToggleScheme } from './use-toggle-scheme.ts';

/** A choice among a few is an input too, and nothing is typed there. */
const TYPING = 'input:not([type="radio"]), textarea, select, [contenteditable="true"]';
/** Where space and enter already mean something. */
const PRESSABLE = 'button, a, summary, [role="button"], [role="slider"], [role="radio"], [type="radio"]';
const ASKS_OVER = 100;

/** Whether the run is in sight; elsewhere its keys would change a hidden run. */
function runInSight(): boolean {
  return useView.getState().screen === 'train' && !useGalleryOpen.getState().open;
}

/** The page's keys; see the help dialog for the list. */
export function useShortcuts(): void {
  const actions = useActions();
  const pastRuns = usePastRuns();
  const toggleColorScheme = useToggleScheme();
  const config = useRunState((state) => state.config);
  const run = useRunState((state) => state.run);

  useEffect(() => {
    const nextArms = { both: 'standard', standard: 'craft', craft: 'both' } as const;
    const reset = () => {
      const longRun = (run?.step ?? 0) > ASKS_OVER && run?.alive;
      if (longRun) look({ resetAsked: true });
      else actions.reset();
    };
    const toEvent = (direction: 1 | -1) => {
      // A check that found nothing is no event to go to.
      const events = run?.events.filter((event) => event.type !== 'reactivation' || event.filters.length > 0);
      const steps = [...new Set(events?.map(({ step }) => step))];
      const from = useView.getState().pinnedStep ?? (direction < 0 ? Number.POSITIVE_INFINITY : -1);
      const step = direction > 0 ? steps.find((at) => at > from) : steps.findLast((at) => at < from);
      if (step !== undefined) look({ pinnedStep: step });
    };
    const runKeys: Readonly<Record<string, () => void>> = {
      ' ': actions.toggle,
      '.': actions.step,
      r: reset,
      c: () => actions.setConfig({ craft: !config.craft }),
      a: () => actions.setConfig({ arms: nextArms[config.arms] }),
      '[': () => toEvent(-1),
      ']': () => toEvent(1),
      Escape: lookAtNow,
    };
    const pageKeys: Readonly<Record<string, () => void>> = {
      t: toggleColorScheme,
      s: () => look({ shareOpen: true }),
      p: () => pastRuns.set({ open: true }),
      '?': () => look({ helpOpen: true }),
    };
    const openTab = (place: number) => {
      const screen = SCREENS[place];
      return screen && (() => openScreen(screen.id));
    };
    const press = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : undefined;
      if (useView.getState().tourStop !== undefined) return;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest(TYPING) || target?.closest('[role="dialog"]')) return;
      if (event.key === ' ' && target?.closest(PRESSABLE)) return;
      const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const act = digit > 0 ? openTab(digit - 1) : (pageKeys[key] ?? (runInSight() ? runKeys[key] : undefined));
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [actions, config, pastRuns, run, toggleColorScheme]);
}
