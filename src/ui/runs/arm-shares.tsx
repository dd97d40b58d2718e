import { formatPercent } from '../../config/quantity.ts';
import { ARM_LABELS, ARMS } from '../../record/arm.ts';
import type { KeptRun } from '../../worker/runs/kept-run.ts';
import { ArmMark } from '../kit/arm-mark.tsx';
import styles from './runs-dialog.module.css';

/** The share of inactive filters at the end, of each arm. */
export function ArmShares({ figures }: { readonly figures: KeptRun['figures'] }) {
  return (
    <span className={styles.shares}>
      {ARMS.flatMap((arm) => {
        const shares = figures[arm];
        if (shares === undefined) return [];
        return [
          <span key={arm}>
            <ArmMark arm={arm} />
            <span className="visually-hidden">{ARM_LABELS[arm]}, inactive at the end: </span>
            <b>{formatPercent(shares.inactiveShare)}</b>
          </span>,
        ];
      })}
    </span>
  );
}
