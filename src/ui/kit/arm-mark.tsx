import { ARM_LABELS, type ArmName } from '../../record/arm.ts';
import styles from './arm-mark.module.css';

/** The arm's sign: a slate square or a vermillion circle. */
export function ArmMark({ arm }: { readonly arm: ArmName }) {
  return <span className={styles.mark} data-arm={arm} aria-hidden="true" />;
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
