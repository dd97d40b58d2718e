import type { RunRecord } from '../../../client/run-record.ts';
import { formatNumber } from '../../../config/quantity.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import { shownLayer } from '../../../record/shown-layer.ts';
import { STATE_LABELS } from '../../kit/filter-tile.tsx';
import { useView } from '../../state/view-store.ts';
import { TableDialog } from '../table-dialog.tsx';

/** The heatmap's column at the pinned step, else its last one, as a table. */
export function NormsTable({ run, arm }: { readonly run: RunRecord; readonly arm: ArmName }) {
  const pinned = useView((view) => view.pinnedStep);
  const when = pinned === undefined ? 'now' : `at step ${formatNumber(pinned)}`;
  return (
    <TableDialog
      title={`Filters ${when}, ${ARM_LABELS[arm]}`}
      columns={['Filter', 'State', 'Norm', 'Largest |w|']}
      rows={() => {
        const layer = shownLayer(run, arm, pinned);
        if (layer === undefined) return [];
        const { norms, maxAbs } = layer.view;
        return layer.states.map((state, filter) => [
          String(filter),
          STATE_LABELS[state],
          (norms[filter] ?? 0).toFixed(3),
          (maxAbs[filter] ?? 0).toFixed(4),
        ]);
      }}
    />
  );
}
