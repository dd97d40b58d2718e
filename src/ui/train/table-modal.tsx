import { Modal } from '@mantine/core';
import { useFocusBack } from '../kit/focus-back.ts';
import styles from './table-dialog.module.css';
import type { TableContent } from './table-dialog.tsx';

interface TableModalProps extends TableContent {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The dialog of a table, whose code is loaded when one is first opened. */
export default function TableModal({ title, columns, rows, note, open, onClose }: TableModalProps) {
  useFocusBack(open);
  return (
    <Modal opened={open} onClose={onClose} title={title}>
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
  );
}
