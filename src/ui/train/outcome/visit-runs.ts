import { useEffect } from 'react';
import { create } from 'zustand';
import type { RunConfig } from '../../../config/run-config.ts';
import { useRunState } from '../../state/store-context.tsx';
import { differInSeedOnly, type FinalLayers, finalLayers } from './final-layers.ts';

/** First layers are small; still, a visit may last long. */
const MOST_KEPT = 12;

/** First layers of the runs that ended in this visit or were opened in it, newest first. */
const useVisitRuns = create<{ readonly runs: readonly FinalLayers[] }>(() => ({ runs: [] }));

/** Keeps the first layers of a run; a run that is there already is replaced. */
function keepLayers(layers: FinalLayers): void {
  useVisitRuns.setState(({ runs }) => ({
    runs: [layers, ...runs.filter(({ runId }) => runId !== layers.runId)].slice(0, MOST_KEPT),
  }));
}

/** Keeps the first layers of the run on the page once it has ended. Shows nothing: a screen need not render for it. */
export function KeepEndedRun(): null {
  const run = useRunState((state) => state.run);
  const phase = useRunState((state) => state.run?.phase);
  useEffect(() => {
    // A run that began with weights of a file is no repetition of others with another seed.
    const drawn = run !== undefined && run.weights === undefined;
    const layers = phase === 'finished' && drawn ? finalLayers(run) : undefined;
    if (layers !== undefined) keepLayers(layers);
  }, [run, phase]);
  return null;
}

/** Runs of this visit that were trained like `config` from another seed, newest first. */
export function useOtherSeeds(config: RunConfig | undefined): readonly FinalLayers[] {
  const runs = useVisitRuns((state) => state.runs);
  return config === undefined ? [] : runs.filter((run) => differInSeedOnly(run.config, config));
}
