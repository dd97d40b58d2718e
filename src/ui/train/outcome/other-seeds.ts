import { useEffect } from 'react';
import { create } from 'zustand';
import { usePastRuns, useRunState } from '../../state/store-context.tsx';
import { asRepetition, differInSeedOnly, type FinalLayers, finalLayers, type TrainedAlike } from './final-layers.ts';
import { keptLayers } from './kept-layers.ts';

/** First layers of runs that ended or were opened in this visit, newest first, then of kept runs that were read. */
const useLayers = create<{ readonly runs: readonly FinalLayers[] }>(() => ({ runs: [] }));

/** Keeps the first layers of the run on the page once it has ended. Shows nothing: a screen need not render for it. */
export function KeepEndedRun(): null {
  const run = useRunState((state) => state.run);
  const phase = useRunState((state) => state.run?.phase);
  useEffect(() => {
    const layers = phase === 'finished' && run !== undefined ? finalLayers(run) : undefined;
    if (layers === undefined) return;
    useLayers.setState(({ runs }) => ({ runs: [layers, ...runs.filter(({ runId }) => runId !== layers.runId)] }));
  }, [run, phase]);
  return null;
}

/** Runs that were trained like `run` from another seed: those of this visit, newest first, and the kept ones. */
export function useOtherSeeds(run: TrainedAlike): readonly FinalLayers[] {
  const { client } = usePastRuns();
  const { config, faces } = run;
  useEffect(() => {
    const known = new Set(useLayers.getState().runs.map(({ runId }) => runId));
    keptLayers(client, { config, faces }, known).then(
      (found) =>
        useLayers.setState(({ runs }) => ({
          runs: [...runs, ...found.filter(({ runId }) => runs.every((one) => one.runId !== runId))],
        })),
      // A storage that cannot be read holds no seeds; the list of past runs says why.
      () => {},
    );
  }, [client, config, faces]);
  const runs = useLayers((state) => state.runs);
  return runs.filter((other) => differInSeedOnly(other, run)).map((other) => asRepetition(other, run));
}
