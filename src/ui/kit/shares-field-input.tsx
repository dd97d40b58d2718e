import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { SharesField } from '../../config/field.ts';
import type { ConfigKey } from '../../config/run-config.ts';
import { useActions, useRunState } from '../state/store-context.tsx';
import { FieldLabel } from './field-input.tsx';

interface SharesFieldInputProps {
  readonly name: ConfigKey;
  readonly field: SharesField;
  readonly disabled: boolean;
}

/** Some shares of the run, typed with spaces between them. They count when the field is left or Enter pressed. */
export function SharesFieldInput({ name, field, disabled }: SharesFieldInputProps) {
  const { setConfig } = useActions();
  const value = useRunState(({ config }) => String(config[name]));
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = () => {
    // Unreadable text leaves the setting as it was.
    setDraft(value);
    if (draft !== value) setConfig({ [name]: draft });
  };
  return (
    <TextInput
      size="xs"
      label={
        <FieldLabel text={`${field.label}${field.unit === undefined ? '' : `, ${field.unit}`}`} help={field.help} />
      }
      data-setting={name}
      aria-description={field.help}
      value={draft}
      disabled={disabled}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
