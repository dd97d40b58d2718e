import { useMemo } from 'react';
import { useRunState } from './store-context.tsx';

/** Width of the first kernel in weights, and how many filters there are: of the run, else of the settings. */
export function useFirstKernelShape(): { readonly size: number; readonly filters: number } {
  const shape = useRunState(({ run, preview }) => run?.kernelShape ?? preview?.shape);
  const kernelSize = useRunState(({ config, run }) => Number((run?.config ?? config).kernelSize));
  const count = useRunState(({ config, run }) => (run?.config ?? config).filters);
  const [size = kernelSize, , , filters = count] = shape ?? [];
  return useMemo(() => ({ size, filters }), [size, filters]);
}
