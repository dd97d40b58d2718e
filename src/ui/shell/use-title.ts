import { useEffect } from 'react';
import { useRunState } from '../state/store-context.tsx';

const NAME = 'CRAFT Playground';

/** Tells in the browser's tab how far the run is. */
export function useTitle(): void {
  const state = useRunState(({ run }) => {
    if (run === undefined) return '';
    if (run.phase === 'finished') return 'Finished · ';
    if (run.phase === 'failed') return 'Stopped · ';
    return `${Math.floor((run.step / run.totalSteps) * 100)} % · `;
  });
  useEffect(() => {
    document.title = `${state}${NAME}`;
  }, [state]);
}
