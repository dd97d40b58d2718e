import { csvLine } from '../../formats/csv-line.ts';
import type { LayerReport } from '../../worker/inspection/protocol.ts';

/** One row a filter, for a spreadsheet. */
export function reportCsv({ inspection }: LayerReport): string {
  const { raw, folded, exactlyZero } = inspection;
  const zero = new Set(exactlyZero);
  const rows = Array.from(raw.norms, (norm, filter) =>
    csvLine([
      filter,
      norm,
      raw.maxAbs[filter],
      raw.states[filter],
      folded.norms[filter],
      folded.maxAbs[filter],
      folded.states[filter],
      zero.has(filter) ? 1 : 0,
    ]),
  );
  return ['filter,norm,max_abs,state,folded_norm,folded_max_abs,folded_state,exactly_zero', ...rows, ''].join('\n');
}
