import { fieldOf } from '../../config/run-config.ts';
import styles from './condition-mark.module.css';

/** A condition as the screen names it: "Standard", "Blend", or the name the user gave. */
export function conditionLabel(name: string): string {
  if (name === 'craft') return 'CRAFT';
  const field = fieldOf('strategy');
  const known = name === 'standard' || (field.kind === 'choice' && Object.hasOwn(field.options, name));
  return known ? name.charAt(0).toUpperCase() + name.slice(1) : name;
}

/** The form of a condition's sign: a slate square, a hollow vermillion diamond for the control, else a vermillion disc. */
type ConditionForm = 'square' | 'diamond' | 'disc';

function conditionForm(name: string): ConditionForm {
  if (name === 'standard') return 'square';
  return name === 'random' ? 'diamond' : 'disc';
}

/** A condition's sign. */
export function ConditionMark({ name }: { readonly name: string }) {
  return <span className={styles.mark} data-form={conditionForm(name)} aria-hidden="true" />;
}

/** Sign and name. */
export function ConditionTitle({ name }: { readonly name: string }) {
  return (
    <span className={styles.title}>
      <ConditionMark name={name} />
      <span>{conditionLabel(name)}</span>
    </span>
  );
}
