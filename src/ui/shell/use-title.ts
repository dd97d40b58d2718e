import { useEffect } from 'react';
import { useRunState } from '../state/store-context.tsx';

const NAME = 'CRAFT Playground';

/** Shows the progress of the run in the title of the browser's tab. */
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
