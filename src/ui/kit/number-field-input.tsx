import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { NumberField } from '../../config/field.ts';
import { formatNumber, numberIn } from '../../config/quantity.ts';
import type { ConfigKey } from '../../config/run-config.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import styles from './field-input.module.css';
import { FieldLabel } from './field-input.tsx';

/** Units that say no more than the label. */
const UNSAID: ReadonlySet<string> = new Set(['images', 'pairs']);

interface NumberFieldInputProps {
  readonly name: ConfigKey;
  readonly field: NumberField;
  readonly disabled: boolean;
}

/** A number of the run's settings. */
export function NumberFieldInput({ name, field, disabled }: NumberFieldInputProps) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => Number(config[name]));
  return (
    <NumberInput
      field={field}
      value={value}
      disabled={disabled}
      attributes={{ 'data-setting': name }}
      onChange={(asked) => setConfig({ [name]: asked })}
    />
  );
}

interface NumberInputProps {
  readonly field: NumberField;
  readonly value: number;
  readonly disabled?: boolean;
  /** The name by which tests and the page's own code find the field. */
  readonly attributes: Readonly<Record<`data-${string}`, string>>;
  readonly onChange: (asked: number) => void;
}

/**
 * A number with its unit. The typed number applies when the field is left or Enter pressed; out of range it is clamped.
 */
export function NumberInput({ field, value, disabled = false, attributes, onChange }: NumberInputProps) {
  const [draft, setDraft] = useState(formatNumber(value));
  useEffect(() => setDraft(formatNumber(value)), [value]);
  const commit = () => {
    const asked = numberIn(draft);
    // A clamped number may equal the old one, so that nothing would write it back.
    setDraft(formatNumber(value));
    if (!Number.isNaN(asked) && asked !== value) onChange(asked);
  };
  const unit = field.unit === undefined || UNSAID.has(field.unit) ? undefined : field.unit;
  return (
    <TextInput
      size="xs"
      // Not a number input: that shows no groups of thousands, and drops text that it does not understand.
      type="text"
      role="spinbutton"
      aria-valuenow={value}
      aria-valuemin={field.min}
      aria-valuemax={field.max}
      inputMode={field.integer ? 'numeric' : 'decimal'}
      label={<FieldLabel text={field.label} help={field.help} />}
      {...attributes}
      aria-description={field.help}
      value={draft}
      disabled={disabled}
      rightSection={unit ? <span className={styles.unit}>{unit}</span> : undefined}
      rightSectionWidth={unit ? 14 + unit.length * 6 : 8}
      rightSectionPointerEvents="none"
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
        if (event.key === 'Enter') commit();
        if (direction === 0) return;
        event.preventDefault();
        const typed = numberIn(draft);
        const next = (Number.isNaN(typed) ? value : typed) + direction * field.step;
        setDraft(formatNumber(value));
        // Of 0.1 + 0.2 no more decimals than were meant; seeds have ten digits.
        onChange(field.integer ? next : Number(next.toPrecision(6)));
      }}
    />
  );
}
