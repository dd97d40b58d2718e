import { formatNumber } from '../../../config/quantity.ts';
import { ARM_LABELS, type ArmName } from '../../../record/arm.ts';
import type { ChartRow, SeriesName } from '../../../record/figures/chart-rows.ts';
import { readoutText } from '../../../record/figures/value-axis.ts';
import { TableDialog } from '../table-dialog.tsx';

const MOST_ROWS = 40;

interface ChartTableProps {
  readonly title: string;
  readonly name: SeriesName;
  readonly arms: readonly ArmName[];
  readonly rows: readonly ChartRow[];
}

/** A chart as a table of at most 40 rows, the last step always among them. */
export function ChartTable({ title, name, arms, rows }: ChartTableProps) {
  const stride = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
  const text = (value: number | undefined) => (value === undefined ? '' : readoutText(name, value));
  return (
    <TableDialog
      title={title}
      columns={['Step', ...arms.map((arm) => ARM_LABELS[arm])]}
      rows={() =>
        rows
          .filter((_, place) => (rows.length - 1 - place) % stride === 0)
          .map((row) => [formatNumber(row.step), ...arms.map((arm) => text(row[arm]))])
      }
      note={stride > 1 && `${rows.length} values are drawn; this table lists every ${stride}th.`}
    />
  );
}
