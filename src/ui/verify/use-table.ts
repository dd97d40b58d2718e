import { useMemo } from 'react';
import { useVerify } from './page-verify.ts';
import { tableRows } from './table-rows.ts';

/** The table's rows, and the one that charts and pairs are of. */
export function useTable() {
  const results = useVerify((state) => state.results);
  const files = useVerify((state) => state.files);
  const chosen = useVerify((state) => state.chosen);
  const rows = useMemo(() => tableRows(results, files), [results, files]);
  // Until the chosen row is filled in, the first filled one is looked at.
  const shown =
    rows.find(({ id, result }) => id === chosen && result !== undefined) ??
    rows.find(({ result }) => result !== undefined);
  return { rows, shown };
}
