import { NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { NumberField } from '../../../config/field.ts';
import type { ConfigKey } from '../../../config/run-config.ts';
import { useActions, useRunState } from '../../store-context.tsx';
import styles from './field-input.module.css';
import { FieldLabel } from './field-input.tsx';

/** Units that would not fit beside the number. */
const SHORT_UNITS: Readonly<Record<string, string>> = { '% of run': '% of run', images: '', pairs: '' };

interface NumberFieldInputProps {
  readonly name: ConfigKey;
  readonly field: NumberField;
  readonly disabled: boolean;
}

/** A number with its unit. What is typed counts when the field is left or Enter pressed, arrows count at once. */
export function NumberFieldInput({ name, field, disabled }: NumberFieldInputProps) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => Number(config[name]));
  const [draft, setDraft] = useState<number | string>(value);
  useEffect(() => setDraft(value), [value]);
  const commit = (next: number | string) => {
    const asked = Number(next);
    if (next === '' || Number.isNaN(asked)) setDraft(value);
    else setConfig({ [name]: asked });
  };
  const unit = field.unit === undefined ? undefined : (SHORT_UNITS[field.unit] ?? field.unit);
  return (
    <NumberInput
      size="xs"
      label={<FieldLabel text={field.label} help={field.help} />}
      data-setting={name}
      value={draft}
      min={field.min}
      max={field.max}
      step={field.step}
      allowDecimal={!field.integer}
      thousandSeparator={'\u202f'}
      clampBehavior="blur"
      hideControls
      disabled={disabled}
      rightSection={unit ? <span className={styles.unit}>{unit}</span> : undefined}
      rightSectionWidth={unit ? 16 + unit.length * 6 : 8}
      rightSectionPointerEvents="none"
      onChange={setDraft}
      onBlur={() => commit(draft)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(draft);
      }}
    />
  );
}
