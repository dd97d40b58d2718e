import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import styles from './arm-mark.module.css';

interface ArmMarkProps {
  readonly arm: ArmName;
  /** For the arm's second line. */
  readonly hollow?: boolean;
}

/** The arm's sign: a slate square or a vermillion circle. */
export function ArmMark({ arm, hollow = false }: ArmMarkProps) {
  return <span className={styles.mark} data-arm={arm} data-hollow={hollow || undefined} aria-hidden="true" />;
}

/** Sign and name. */
export function ArmTitle({ arm }: { readonly arm: ArmName }) {
  return (
    <span className={styles.name}>
      <ArmMark arm={arm} />
      {ARM_LABELS[arm]}
    </span>
  );
}
