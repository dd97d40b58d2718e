import { lazy, type ReactNode, Suspense, useState } from 'react';
import styles from './table-dialog.module.css';

const TableModal = lazy(() => import('./table-modal.tsx'));

/** A table of numbers. */
export interface TableContent {
  readonly title: string;
  readonly columns: readonly string[];
  /** One entry a row, its first cell the row's heading. Asked for when the dialog opens. */
  readonly rows: () => readonly (readonly [string, ...string[]])[];
  /** Rows that the table omits, in a sentence. */
  readonly note?: ReactNode;
}

/** The numbers behind a picture. The button is seen once it has the focus. */
export function TableDialog({ title, columns, rows, note }: TableContent) {
  const [open, setOpen] = useState(false);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`visually-hidden ${styles.open}`}
        aria-label={`Show as table: ${title}`}
        onClick={() => {
          setOpen(true);
          setOpened(true);
        }}
      >
        Show as table
      </button>
      {opened && (
        <Suspense fallback={null}>
          <TableModal
            title={title}
            columns={columns}
            rows={rows}
            note={note}
            open={open}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
