import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ArmName } from '../../../training/events.ts';
import { ARM_LABELS } from '../../arm.ts';
import type { RunRecord } from '../../run-record.ts';
import { shownLayer } from '../shown-layer.ts';
import { STATE_LABELS } from '../walls/filter-tile.tsx';
import styles from './norms-table.module.css';

/** The heatmap's last column as a table; the button is seen once it has the focus. */
export function NormsTable({ run, arm }: { readonly run: RunRecord; readonly arm: ArmName }) {
  const [open, setOpen] = useState(false);
  const layer = open ? shownLayer(run, arm) : undefined;
  return (
    <>
      <button type="button" className={`visually-hidden ${styles.open}`} onClick={() => setOpen(true)}>
        Show as table
      </button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Filters now, ${ARM_LABELS[arm]}`}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Filter</th>
              <th scope="col">State</th>
              <th scope="col">Norm</th>
              <th scope="col">Largest |w|</th>
            </tr>
          </thead>
          <tbody>
            {layer?.states.map((state, filter) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the filter's number.
              <tr key={filter}>
                <th scope="row">{filter}</th>
                <td>{STATE_LABELS[state]}</td>
                <td>{(layer.view.norms[filter] ?? 0).toFixed(3)}</td>
                <td>{(layer.view.maxAbs[filter] ?? 0).toFixed(4)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Modal>
    </>
  );
}
