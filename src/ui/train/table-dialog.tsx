import { Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './table-dialog.module.css';

interface TableDialogProps {
  readonly title: string;
  readonly columns: readonly string[];
  /** One entry a row, its first cell the row's heading. Asked for when the dialog opens. */
  readonly rows: () => readonly (readonly [string, ...string[]])[];
  /** What the table leaves out, in a sentence. */
  readonly note?: ReactNode;
}

/** The numbers behind a picture. The button is seen once it has the focus. */
export function TableDialog({ title, columns, rows, note }: TableDialogProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={`visually-hidden ${styles.open}`}
        aria-label={`Show as table: ${title}`}
        onClick={() => setOpen(true)}
      >
        Show as table
      </button>
      <Modal opened={open} onClose={() => setOpen(false)} title={title}>
        {open && (
          <table className={styles.table}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map(([heading, ...cells]) => (
                <tr key={heading}>
                  <th scope="row">{heading}</th>
                  {cells.map((cell, place) => (
                    <td key={columns[place + 1]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {note && <p className={styles.note}>{note}</p>}
      </Modal>
    </>
  );
}
