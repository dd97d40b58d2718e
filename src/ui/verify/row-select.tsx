import { NativeSelect } from '@mantine/core';
import { verification } from './page-verify.ts';
import { useTable } from './use-table.ts';

/** Chooses, among the rows that are filled in, the one that charts and pairs are of. */
export function RowSelect({ label }: { readonly label: string }) {
  const { rows, shown } = useTable();
  if (shown === undefined) return null;
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={shown.id}
      data={rows.filter((row) => row.result !== undefined).map((row) => ({ value: row.id, label: row.label }))}
      onChange={(event) => {
        const { value } = event.currentTarget;
        const row = rows.find(({ id }) => id === value);
        if (row !== undefined) verification.choose({ chosen: row.id });
      }}
    />
  );
}
