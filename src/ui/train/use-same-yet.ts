import { type SameYet, sameYet } from '../../record/same-yet.ts';
import { useRunState } from '../state/store-context.tsx';

/** Why both arms still show the same; undefined once they differ. */
export function useSameYet(): SameYet | undefined {
  const run = useRunState((state) => state.run);
  const config = useRunState((state) => state.config);
  // The run grows in place; these change with it.
  useRunState((state) => state.run?.events.length);
  useRunState((state) => state.run?.config);
  return sameYet(run ?? { config, totalSteps: config.steps });
}
