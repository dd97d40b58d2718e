import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { PageRun } from '../../client/page-run.ts';
import type { RunRecord } from '../../client/run-record.ts';
import type { PastRuns, PastRunsState } from './past-runs.ts';
import type { RunActions, RunState, RunStore } from './run-state.ts';

const StoreContext = createContext<RunStore | undefined>(undefined);
const PastRunsContext = createContext<PastRuns | undefined>(undefined);

interface StoreProviderProps {
  readonly store: RunStore;
  readonly pastRuns: PastRuns;
  readonly children: ReactNode;
}

export function StoreProvider({ store, pastRuns, children }: StoreProviderProps) {
  return (
    <StoreContext value={store}>
      <PastRunsContext value={pastRuns}>{children}</PastRunsContext>
    </StoreContext>
  );
}

/** The store itself, for code beyond a panel. */
export function useRunStore(): RunStore {
  const store = useContext(StoreContext);
  if (store === undefined) throw new Error('A panel was rendered outside the StoreProvider.');
  return store;
}

/** The kept runs of the browser, with their actions. */
export function usePastRuns(): PastRuns {
  const pastRuns = useContext(PastRunsContext);
  if (pastRuns === undefined) throw new Error('A panel was rendered outside the StoreProvider.');
  return pastRuns;
}

/** A part of the page's knowledge of other runs; the panel renders again when that part changes. */
export function useRuns<Part>(select: (state: PastRunsState) => Part): Part {
  return useStore(usePastRuns().state, select);
}

/** A part of the page's state; the panel renders again when that part changes. */
export function useRunState<Part>(select: (state: RunState) => Part): Part {
  return useStore(useRunStore(), select);
}

/** The actions of a panel; the same object for the life of the page. */
export function useActions(): RunActions {
  return useRunStore().actions;
}

/** The run on the page; the panel renders again whenever there is something new to draw. */
export function useRun(): RunRecord | undefined {
  useRunState(({ version }) => version);
  return useRunState(({ run }) => run);
}

/** The run on the page with its commands; the panel renders again whenever there is something new to draw. */
export function usePageRun(): PageRun | undefined {
  useRunState(({ version }) => version);
  return useRunState(({ pageRun }) => pageRun);
}
